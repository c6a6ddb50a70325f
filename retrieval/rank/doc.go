// Package rank scores the passages that were found for a question. Passages
// describes each by named features: its BM25 score and vector similarity
// relative to the best, how it matches the question (package query), how near
// its date lies to the day of asking. The score is their sum, each times its
// weight in weights.json. `verbatim eval --train` fits the weights so that the
// passage with the answer is the most likely one under a softmax over the scores
// of a question's passages (listwise ranking; Cao et al. 2007).
package rank
