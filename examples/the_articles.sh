#!/bin/sh
# The comparison that two articles made of GPT-4o, GPT-4o mini and Llama 3.1 8B, made again from
# answers that anyone can fetch: no key, no model and no network is needed once the files are here.
#
#   git clone https://github.com/yuchenlin/ZeroEval    # Apache-2.0; all answers, case by case
#   sh the_articles.sh ZeroEval/result_dirs the-articles
#
# See docs/how-to/the-articles.md. The files may be gzip-compressed.
set -eu
from=${1:?"name the folder result_dirs of ZeroEval"}
run=${2:-the-articles}

set --
for task in gsm math-l5; do
  for model in gpt-4o-2024-08-06 gpt-4o-mini-2024-07-18 Meta-Llama-3.1-8B-Instruct; do
    set -- "$@" "$from/$task/$model".json*
  done
done
visavis import zeroeval "$@"

visavis compare \
  "GPT-4o=recorded:gpt-4o-2024-08-06" \
  "GPT-4o mini=recorded:gpt-4o-mini-2024-07-18" \
  "Llama 3.1 8B=recorded:Meta-Llama-3.1-8B-Instruct" \
  --on gsm8k,math --yes --out "$run"

visavis show "$run" --format article --out "$run/article.md"
visavis show "$run" --format article --lang fr --out "$run/article.fr.md"
