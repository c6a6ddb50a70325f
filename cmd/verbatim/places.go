package main

import (
	"os"
	"path/filepath"
)

// places are the directories of this run. Without a home directory and
// without --data they are empty, and nothing can be written.
type places struct {
	catalogue string // articles, and the memory beside them
	cache     string // what can be made again
}

// memory returns the path of the file that holds settings and feedback.
func (l places) memory() string { return filepath.Join(l.catalogue, "memory.db") }

// vectors returns the folder of the vectors of an ingest under way.
func (l places) vectors() string { return filepath.Join(l.cache, "vectors") }

// places returns where catalogue and cache lie: under data, where it is
// given, else in the user's config and cache directories.
func (p *program) places(data string) places {
	if data != "" {
		return places{catalogue: data, cache: filepath.Join(data, "cache")}
	}
	var l places
	if dir, err := p.configDir(); err == nil {
		l.catalogue = filepath.Join(dir, "verbatim")
	}
	if dir, err := p.cacheDir(); err == nil {
		l.cache = filepath.Join(dir, "verbatim")
	}
	return l
}

// exists reports whether there is a file or directory at path, or something
// that keeps it from being known.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil || !os.IsNotExist(err)
}

// existing returns dir or the nearest folder above it that is there.
func existing(dir string) string {
	for !exists(dir) {
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return dir
}
