package index

import (
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

// Spellings returns the stems that begin with the same byte as stem and are
// within so many edits of it, without stem itself, with the number of passages
// that contain each. It runs a Levenshtein automaton over the dictionary.
func (x *Words) Spellings(stem string, edits int) (found map[string]int, err error) {
	reader, err := x.index.Reader()
	if err != nil {
		return nil, fmt.Errorf("read word index: %w", err)
	}
	defer func() {
		if cerr := reader.Close(); err == nil {
			err = cerr
		}
	}()
	fuzzy, ok := reader.(index.IndexReaderFuzzy)
	if !ok || stem == "" {
		return nil, nil
	}
	dict, err := fuzzy.FieldDictFuzzy(stemField, stem, edits, stem[:1])
	if err != nil {
		return nil, fmt.Errorf("look up spellings of %q: %w", stem, err)
	}
	defer dict.Close()
	found = make(map[string]int)
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("look up spellings of %q: %w", stem, err)
		}
		if entry == nil {
			return found, nil
		}
		if entry.Term != stem {
			found[entry.Term] = int(entry.Count)
		}
	}
}
