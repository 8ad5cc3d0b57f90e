# The two commands: `make run` shows Floorlight with moving numbers, `make test`
# proves it. Both need Go, Node and npm; what else they need they install on
# Debian as root, and name otherwise.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
BIN := bin/floorlight
TOOL := go tool -modfile=.ci/tools.mod
STEP := .ci/step

# Git may refuse a checkout that belongs to somebody else, and the build with
# it; the version comes in by name instead.
GO_BUILD_FLAGS := -buildvcs=false
# Some tests of PostgreSQL's server change users, which only root can.
GO_TEST_FLAGS := $(GO_BUILD_FLAGS) -race -count=1 -timeout 40m $(if $(filter 0,$(shell id -u)),-tags asroot)
# What fails is asked once more, alone: a machine that stood still is not a fault, and
# is named at the end. A data race, a panic or more than a handful of failures are not asked again.
GO_TEST := $(TOOL) gotestsum --format-hide-empty-pkg --rerun-fails=1 --rerun-fails-max-failures=6 \
	--rerun-fails-abort-on-data-race --rerun-fails-run-root-test
# The standard set, under ten minutes on two calm cores; BENCH=. BENCH_PACKAGES=./... is everything.
BENCH ?= HubFromStream|FrameToSockets|CheckOverNATS|PublishToFrame|OpenConversations|Load$$|Writer$$
BENCH_PACKAGES ?= ./cmd/floorlight ./history
BENCH_OUT ?= bin/bench.txt
# The long form of the faults, and then random ones until SOAK is over.
SOAK ?= 20m
SOAK_RUN ?= ^(TestFault|TestSeveralServers$$)
SOAK_PACKAGES ?= ./cmd/floorlight/faults ./cmd/floorlight
SOAK_OUT ?= bin/soak.txt

WEB_LOCK := web/node_modules/.package-lock.json
WEB_BUILD := web/build/index.html
WEB_SOURCES := $(shell find web -type f -not -name '*.go' \
	-not -path 'web/node_modules/*' -not -path 'web/build/*' -not -path 'web/e2e/*' \
	-not -path 'web/test-results/*' -not -path 'web/playwright-report/*' -not -path 'web/screenshots/*' 2>/dev/null)

.PHONY: help run build binary web test lint vet test-go test-web e2e bench soak clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

run: ## build everything and start the demo; prints its URL
	@.ci/need run
	@$(MAKE) --no-print-directory build
	@exec $(BIN) demo

build: web binary ## the web side and bin/floorlight

binary:
	@mkdir -p bin
	go build $(GO_BUILD_FLAGS) -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN) ./cmd/floorlight

web: $(WEB_BUILD)

$(WEB_LOCK): web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

# The bundler empties its directory; .gitkeep is what lets a fresh clone compile.
$(WEB_BUILD): $(WEB_LOCK) $(WEB_SOURCES)
	cd web && npm run build
	@touch web/build/.gitkeep $@

test: ## everything: lint, vet, Go with -race, web, bundle budgets, browser
	@.ci/need test
	@$(STEP) begin
	@$(MAKE) --no-print-directory lint vet test-web test-go e2e
	@$(STEP) end

lint: ## golangci-lint, pinned in .ci/tools.mod
	@$(STEP) "lint" $(TOOL) golangci-lint run ./...

vet:
	@$(STEP) "go vet" go vet $(GO_BUILD_FLAGS) ./...

test-web: ## types, unit tests, build and bundle budgets of the web side
	@$(STEP) "npm ci" $(MAKE) --no-print-directory $(WEB_LOCK)
	@cd web && ../$(STEP) "svelte-check" npm run check
	@cd web && ../$(STEP) "vitest" npm run test
	@$(STEP) "web build" $(MAKE) --no-print-directory web
	@cd web && ../$(STEP) "bundle budgets" npm run budget

# The Go tests serve the bundle too. The faults have the disk to themselves: what
# fills it and kills what writes to it makes others wait for their acks.
test-go: web ## Go tests with the race detector, real NATS and PostgreSQL
	@$(STEP) "go test -race" $(GO_TEST) --rerun-fails-report=bin/steps/go.unsteady \
		--packages="$$(go list $(GO_BUILD_FLAGS) ./... | grep -v '/faults$$' | tr '\n' ' ')" -- $(GO_TEST_FLAGS)
	@$(STEP) "faults" $(GO_TEST) --rerun-fails-report=bin/steps/faults.unsteady --packages=./cmd/floorlight/faults -- $(GO_TEST_FLAGS)
	@$(STEP) "allocations" go test $(GO_BUILD_FLAGS) -count=1 -run AllocatesNothing ./risk
	@cd cmd/floorlight/testdata/centrifuge && ../../../../$(STEP) "the server of the comparison" go test -count=1 .

e2e: web ## the browser tests, against bin/floorlight
	@$(STEP) "binary" $(MAKE) --no-print-directory binary
	@cd web && FLOORLIGHT_BIN=$(CURDIR)/$(BIN) ../$(STEP) "playwright" npm run e2e

bench: ## the standard benchmarks; BENCH=pattern; with bin/bench.base.txt also the comparison
	@mkdir -p bin
	go test $(GO_BUILD_FLAGS) -run '^$$' -bench '$(BENCH)' -benchmem $(BENCH_PACKAGES) | tee $(BENCH_OUT)
	@if [ -f bin/bench.base.txt ]; then $(TOOL) benchstat bin/bench.base.txt $(BENCH_OUT); fi

soak: ## faults under load, the long form of each; SOAK=20m in all, SOAK_RUN=pattern
	@mkdir -p bin
	@echo "soak: $(SOAK) from $$(date +%T), in full in $(SOAK_OUT)"
	@FLOORLIGHT_SOAK=$(SOAK) go test $(GO_BUILD_FLAGS) -count=1 -p 1 -parallel 1 -v -timeout 24h -run '$(SOAK_RUN)' $(SOAK_PACKAGES) 2>&1 \
		| tee $(SOAK_OUT) | grep --line-buffered -E '^ *(---|===) |soak:|acknowledged|FLOORLIGHT_SEED|Error' || true
	@printf '\n==> soak: summary\n'; grep -E '^ *--- |^(ok|FAIL)|soak: ' $(SOAK_OUT)
	@! grep -qE '^(--- FAIL|FAIL|panic:)' $(SOAK_OUT)

clean: ## what the build made; data directories stay
	rm -rf bin web/node_modules web/test-results web/playwright-report web/screenshots
	find web/build -mindepth 1 -not -name .gitkeep -delete
