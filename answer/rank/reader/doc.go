// Package reader scores how likely a sentence answers a question, with a small neural network that was
// trained for this program. It finds answers that share few words with the question, where features of overlap
// fail.
//
// The network is a compare-aggregate model (Wang and Jiang 2017) in the manner of decomposable attention
// (Parikh et al. 2016), of about 70,000 weights:
//
//   - A word is its vector, projected and passed through tanh, with features: rarity, kind of word, capitals,
//     matches with the other side (package align).
//   - Each word is encoded with its two neighbours. The words of question and sentence attend to each
//     other by their encodings, their lexical or WordNet match and their cosine.
//   - Each word is compared with what it attends to, by product and absolute difference. The sentence's comparisons pass
//     another layer with their neighbours, shifted by a summary of the question: there it shows whether what is asked for
//     stands beside what was matched.
//   - Means and maxima of these, and features of the pair as a whole, give the score.
//
// Scores are log odds up to a constant of the question: differences within a question are meant, and their
// distance from Null, the score of "none of these". The net is trained by internal/eval/train; its weights
// lie in reader.bin, see ATTRIBUTION.md. Computation is in float32 without fused operations, so that every
// machine gets the same scores.
package reader
