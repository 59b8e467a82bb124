# `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo test crash powerloss faults schedules soak fuzz attack-http attack-media bench format lint install clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

demo: install ## install what is missing, build, upload a video and a photo, post them, serve until Ctrl-C
	@Scripts/demo

test: install ## install what is missing and run all tests
	@Scripts/test

crash: install ## kill the server N times (500), with SEED; every acknowledged answer must still hold
	@ROOST_CAMPAIGN_N=$(or $(N),500) $(if $(SEED),ROOST_CAMPAIGN_SEED=$(SEED)) Scripts/campaign CrashTests

powerloss: install ## cut the power N times (100), with SEED; nothing acknowledged may be lost
	@ROOST_CAMPAIGN_N=$(or $(N),100) $(if $(SEED),ROOST_CAMPAIGN_SEED=$(SEED)) Scripts/campaign PowerLossTests

bench: install ## measure the upload path beside nginx
	@Scripts/bench

faults: install ## fail every call of the whole flow and of a start, one after the other (N=… for a sample)
	@ROOST_CAMPAIGN_N=$${N:-all} Scripts/campaign FaultTests

schedules: install ## run 10,000 schedules of one upload's requests (N=…)
	@ROOST_CAMPAIGN_N=$${N:-10000} Scripts/campaign ScheduleTests

soak: install ## make 200,000 small uploads and look what is left (N=…)
	@ROOST_CAMPAIGN_N=$${N:-200000} Scripts/campaign SoakTests

fuzz: install ## fuzz the parsers with coverage (N=cases or T=seconds of each target, SEED)
	@Scripts/fuzz

attack-http: install ## attack the program, built for release, over HTTP in full size
	@ROOST_ATTACK=full Scripts/campaign HTTPAttackTests release

attack-media: install ## hostile media, the heavy ones and each sandbox too, which takes half an hour
	@ROOST_CAMPAIGN_N=2 Scripts/campaign MediaAttackTests

install: ## install the Debian packages that are missing
	@Scripts/install

format: ## format all Swift sources
	@swift format --in-place --recursive --parallel Sources Tests Fuzzing/Sources/fuzz Package.swift Fuzzing/Package.swift

lint: ## check the format of all Swift sources
	@swift format lint --strict --recursive --parallel Sources Tests Fuzzing/Sources/fuzz Package.swift Fuzzing/Package.swift

clean: ## remove what was built and the demo's data
	@rm -rf .build roost-data
