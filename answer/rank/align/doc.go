// Package align matches the words of a question to the words of the sentences that may answer it,
// of their neighbours and of their articles' titles. The ranking's features of meaning and the neural
// reader are both computed from these matches.
//
// Three matches are told apart, each from 0, nothing in common, to 1, the same word:
//
//   - lexical: the same word 1, the same lemma .95, one edit away .85, a common beginning .8;
//   - WordNet: a synonym .9, a derived word .85, a near word .6; an antonym is -.5;
//   - cosine of the two words' vectors, less the mean of all words' vectors.
//
// Soft is the best of the three, the cosine scaled so that it never beats a synonym. Only content
// words of the question are matched by meaning. Its function words are matched to themselves.
//
// A word's weight is its background rarity (Word.IDF), from the rank of its frequency in a large
// corpus: in a small collection the story's main name is frequent and yet tells little about the
// answer, while a rare verb may be noise.
//
// The matches of a question are made once for each distinct word of all its candidates. A Group
// holds them as matrices of question words by distinct words; texts are lists of indexes into those.
package align
