package index

import (
	"context"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

// Spellings implements retrieval.Store by a Levenshtein automaton over the
// dictionary of the word index.
func (s *searcher) Spellings(ctx context.Context, stem string, edits int) (found map[string]int, err error) {
	err = s.read(ctx, func() error {
		found, err = s.words.spellings(stem, edits)
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	return found, err
}

func (w *wordIndex) spellings(stem string, edits int) (found map[string]int, err error) {
	reader, err := w.index.Reader()
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
