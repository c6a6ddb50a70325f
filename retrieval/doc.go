// Package retrieval is the engine: it reads articles, cuts them into passages,
// keeps them in a store and ranks them for a question. This is the tour of the
// code, from the bottom up.
//
// Package corpus has the nouns: an article with its immutable body, a span of
// bytes of it, a ref that names a span, a date with what it rests on, and a
// quote, which is an article and a span and holds no text of its own.
//
// Package words decides what a token, a stem, a stop word and a sentence are.
// Whatever compares texts asks it, so that indexing and ranking agree.
//
// Package dateline reads from a text its title, place, agency and dates.
// Package segment marks the page furniture of a body by general rules, and
// cuts what is left into quotable sentences and passages of about 130 words,
// all of them spans. Package embed has the built-in word vectors.
//
// In this package, Read makes an article of an Item that a loader found (see
// package load: files, folders, JSON Lines). Engine.Ingest takes items through
// reading, cutting and embedding on all cores into a Store, which is an
// interface; package local has two of them: one in memory, and one that keeps
// a SQLite catalogue and derives from it an index over words (bleve) and one
// over vectors (chromem-go). Package retrievaltest holds every store to the
// promises of the interface.
//
// Engine.Search is the other way. Package query reads the question once: its
// kind, names, figures, what it asks for. Words and vectors are searched side by
// side, names under every spelling that the corpus has. Package rank describes
// what they find by named features and scores it by a linear model whose
// weights are in rank/weights.json. `verbatim eval --train` makes that file.
//
// On top of it, package answer chooses the sentences that are quoted, or says
// that the articles do not say; cmd/verbatim and bot only ask it and show what
// it says.
package retrieval
