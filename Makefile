# `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo test bench format lint install clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

demo: install ## install what is missing, build, upload a video and a photo, post them, serve until Ctrl-C
	@Scripts/demo

test: install ## install what is missing and run all tests
	@Scripts/test

bench: install ## measure the upload path beside nginx
	@Scripts/bench

install: ## install the Debian packages that are missing
	@Scripts/install

format: ## format all Swift sources
	@swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: ## check the format of all Swift sources
	@swift format lint --strict --recursive --parallel Sources Tests Package.swift

clean: ## remove what was built and the demo's data
	@rm -rf .build roost-data
