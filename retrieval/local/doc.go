// Package local keeps articles on one machine. NewMemory holds everything in
// memory; Open keeps the articles in one SQLite file, the catalogue, and
// everything derived from them beside it.
//
// Words are found with a bleve index (scorch), vectors with chromem-go. The
// word index holds stems and refs, chromem-go vectors and refs: no text and
// no metadata is in either. What is printed always comes from the articles.
package local
