// Package embed is the built-in sentence embedder: it needs no model server, no
// network and no start-up time.
//
// A text's vector is the mean of the GloVe vectors of its words (Pennington, Socher
// and Manning 2014, "GloVe: Global Vectors for Word Representation"), each weighted by
// a/(a+p(w)) where p(w) is the word's share of running text, less the direction that all
// texts have in common (Arora, Liang and Ma 2017, "A Simple but Tough-to-Beat Baseline for
// Sentence Embeddings"), scaled to length 1. Two texts are as similar as the dot product of
// their vectors, from -1 to 1.
//
// The table holds the 60,000 most frequent words at 8 bits a component, in 7.4 MB.
// The source lists words by frequency but gives no counts, so that p(w) is estimated by
// the Zipf-Mandelbrot law p(r) = 1/((r+2.7)H) over the rank r. The common direction is the first
// eigenvector of the second moment of pseudo-sentences, words drawn independently by p(w),
// computed in closed form: it depends on no corpus of ours. The source has neither figures
// nor names younger than 2014; such words get a fixed pseudo-random vector each, which is
// equal only to itself, with a quarter of a rare word's weight.
//
// What each choice gains, over 945 quiz questions on 3,000 news articles (32,301 passages,
// title put before each; vectors alone; hit@1/4/10, standard error about .016). Each row
// changes one thing; all but the last two are what go test -run NewsHits -ablate -v prints:
//
//	default                             .423 .629 .745
//	unknown words left out              .415 .632 .743
//	unknown words hashed at 0.1, 0.5, 1 .417 .629 .742, .415 .625 .748, .402 .625 .741
//	character n-grams at 0.25, 0.5, 1   .418 .628 .735, .419 .630 .743, .419 .625 .733
//	common direction kept               .408 .622 .732
//	a = 1e-2, 3e-3 for 1e-3             .399 .614 .727, .413 .615 .732
//	a = 3e-4, 1e-4, 3e-5                .403 .629 .750, .399 .628 .732, .375 .594 .720
//	50,000, 30,000, 10,000 words        .416 .630 .742, .418 .634 .732, .378 .587 .708
//	200,000 words (25 MB)               .418 .633 .740
//	each word of a passage counted once .333 .544 .687
//
// Counting words once, few words and a very small a clearly lose; the other differences are
// about as large as their error, and the choice was made on the same questions. Among equals
// the default is what gives a vector to every text with a word in it.
//
// See ATTRIBUTION.md for where the vectors are from.
package embed
