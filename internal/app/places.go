package app

import "path/filepath"

// Places are the directories of a run. Without a home directory and without
// --data they are empty, and nothing can be written.
type Places struct {
	Catalogue string // articles, and the settings database beside them
	Cache     string // what can be made again
}

// Settings returns the path of the database of settings and feedback.
func (p Places) Settings() string { return filepath.Join(p.Catalogue, "memory.db") }

// vectors returns the folder of the vectors of an ingest under way.
func (p Places) vectors() string { return filepath.Join(p.Cache, "vectors") }

// corpora returns the folder of the indexes of --corpus.
func (p Places) corpora() string { return filepath.Join(p.Cache, "corpus") }
