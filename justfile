# `just` lists these; each is one line that also works by hand.

# the quick look while working
check:
    cargo check --all-targets

# what must be green before a change lands
ci:
    bash .ci/run

test *ARGS:
    cargo test {{ARGS}}

lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# makes the fixtures again and says whether they are the ones that stand there
fixtures:
    python3 scripts/make_crossroads.py --check
    python3 scripts/make_town.py --check

bench:
    bash scripts/bench.sh

# what peers do with valid input; needs a network
findings:
    for script in findings/*.sh; do bash "$script" || exit 1; done

# the crate's documentation, and the book into target/book (needs mdbook)
docs:
    cargo doc --no-deps
    mdbook build
    python3 scripts/check_book.py target/book

# writes the kept helps anew; read what it wrote
helps:
    TRYCMD=overwrite cargo test --test integration documents::commands::each_help

# licences and advisories (needs cargo-deny), and the list of crates
deps:
    cargo deny check
    python3 scripts/third_party.py
