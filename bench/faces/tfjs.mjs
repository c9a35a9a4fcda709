// Runs a TensorFlow.js graph model on float32 inputs [n, 256, 256, 3] and writes float32 [n, 896, 17]:
// logit and box of each anchor, the 16 × 16 grid's before the 8 × 8 grid's. Called by convert.py.
//
//     node tfjs.mjs MODEL.json INPUTS OUTPUTS

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [source, inputs, outputs] = process.argv.slice(2);
const tf = createRequire(source)("@tensorflow/tfjs"); // as installed beside the model
const { modelTopology, weightsManifest } = JSON.parse(fs.readFileSync(source));
const weights = Buffer.concat(weightsManifest.flatMap((group) => group.paths).map((name) => fs.readFileSync(path.join(path.dirname(source), name))));
const weightSpecs = weightsManifest.flatMap((group) => group.weights);
const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
const model = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));

const size = 256 * 256 * 3;
const bytes = fs.readFileSync(inputs);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const file = fs.openSync(outputs, "w");
for (let start = 0; start < values.length; start += size) {
  const pixels = tf.tensor(values.subarray(start, start + size), [1, 256, 256, 3]);
  const found = tf.tidy(() => {
    const [fine, coarse, fineBoxes, coarseBoxes] = model.execute(pixels, ["Identity", "Identity_1", "Identity_2", "Identity_3"]);
    return tf.concat([tf.concat([fine, fineBoxes], 2), tf.concat([coarse, coarseBoxes], 2)], 1).dataSync();
  });
  fs.writeSync(file, Buffer.from(found.buffer, found.byteOffset, found.byteLength));
  pixels.dispose();
}
