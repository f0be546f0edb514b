# make run                      set up, build, make a sample database, run on it, show the result
# make run DATABASE=/data/omi-db   the same on a real copy;  OUT=… WORKERS=… ARGS='--fail-on error'
# make test                     set up, build, run every test, of the long loops a small set;  OMIDB_TESTS=all: whole
# make sample CLIENTS=… SEED=… FAULTS=none|all|kind,kind   a sample database in SAMPLE
# make bench                    how fast it is, against only reading the files (some 20 minutes);  CLIENTS=2000 RUNS=5
#                               WORKERS=2 SIZES=500,2000,8000 PARTS=main,profile,startup,sizes,workers,slow DOCS=file NODE=node
# make docs                     docs/tables.md and docs/mismatches.md again, from schemas/
# make lint                     what CI checks beside the tests

ifeq ($(MAKECMDGOALS),bench)
CLIENTS ?= 2000
WORKERS ?= 2
endif
CLIENTS ?= 200
SEED ?= 1
FAULTS ?= all
SAMPLE ?= sample-db
OUT ?= output
WORKERS ?=
ARGS ?=
DATABASE ?=
QUERY ?=
RUNS ?= 5
# The Node that is measured.
NODE ?= node
SIZES ?= 500,2000,8000
PARTS ?= main,profile,startup,sizes,workers,slow
DOCS ?=

# Screening exams by the strict label of the worse breast and by split.
TRAINING = "SELECT CASE WHEN 'M' IN (l_label_strict, r_label_strict) THEN 'M' WHEN 'U' IN (l_label_strict, r_label_strict) THEN 'U' WHEN 'B' IN (l_label_strict, r_label_strict) THEN 'B' ELSE coalesce(l_label_strict, r_label_strict) END AS label, CASE WHEN split_point < 0.7 THEN 'training' WHEN split_point < 0.85 THEN 'validation' ELSE 'test' END AS split, count(*) AS exams, count(*) FILTER (is_complete) AS with_four_views FROM exams JOIN splits USING (client_id) WHERE study_role = 'screening' GROUP BY ALL ORDER BY ALL"

ETL = node dist/bundle/omidb-etl.js

.PHONY: run test sample bench docs lint build clean

ifeq ($(DATABASE),)
run: sample
	$(ETL) run $(SAMPLE) --out $(OUT) $(if $(WORKERS),--workers $(WORKERS)) $(ARGS)
	$(ETL) query --out $(OUT)
	$(ETL) query --out $(OUT) $(TRAINING)
else
run: build
	$(ETL) run "$(DATABASE)" --out "$(OUT)" $(if $(WORKERS),--workers $(WORKERS)) $(ARGS)
	$(ETL) query --out "$(OUT)"
	$(ETL) query --out "$(OUT)" $(TRAINING)
endif

test: build
	node dist/scripts/run-tests.js

sample: build
	node dist/scripts/make-sample.js --out $(SAMPLE) --clients $(CLIENTS) --seed $(SEED) --faults $(FAULTS) --reuse

bench: build
	$(NODE) dist/scripts/bench.js --clients $(CLIENTS) --runs $(RUNS) --workers $(WORKERS) --sizes $(SIZES) \
	  --parts $(PARTS) --docs "$(DOCS)"

docs: build
	node dist/scripts/make-docs.js

build: node_modules/.installed
	npm run --silent build

node_modules/.installed: package.json package-lock.json
	@node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || { echo "omidb-etl needs Node.js 20 or newer: https://nodejs.org"; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@

lint: build
	npx --no-install eslint . --max-warnings 0
	npx --no-install prettier --check .

clean:
	rm -rf dist node_modules
