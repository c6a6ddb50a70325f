// Package index has the two indexes that a store on one machine is searched by.
// Words finds passages by their stems, with an inverted index of bleve (scorch)
// that is kept on disk as snapshots; Vectors finds them by vector, with
// chromem-go in memory. They hold stems, vectors and refs, no text and no
// metadata, and are derived: a snapshot that is missing, damaged or does not
// have all its passages is never searched, it is made again.
package index
