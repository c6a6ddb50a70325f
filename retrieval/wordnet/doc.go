// Package wordnet says which dictionary form a word belongs to and which words are related to
// it: "bought" to "buy", "buy" to "purchase". It reads a part of WordNet 3.0 that is compiled
// into the program; see ATTRIBUTION.md.
//
// Words are folded as retrieval/words folds them: lower case, no accents. Only single words
// that news texts use are kept, so an unknown word is one without relations, not one that English
// does not have. The relations are not told apart by sense: a word's five most frequent
// senses for each part of speech count together.
package wordnet
