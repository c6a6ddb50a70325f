package answer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"verbatim/retrieval"
)

// searched counts the articles that f admits; notes tell of those that it
// keeps out only because they have no date, and of outlets that have none.
func (an *Answerer) searched(ctx context.Context, f retrieval.Filter) (s Searched, notes []string, err error) {
	stats, err := an.engine.Store().Stats(ctx, f)
	if err != nil {
		return s, nil, fmt.Errorf("count articles: %w", err)
	}
	s.Articles, s.From, s.To = stats.Articles, stats.From, stats.Until
	if notes, err = an.unknownOutlets(ctx, f); err != nil || !f.Dated() {
		return s, notes, err
	}
	f.Since, f.Until = "", ""
	all, err := an.engine.Store().Stats(ctx, f)
	if err != nil {
		return s, nil, fmt.Errorf("count articles: %w", err)
	}
	if undated := all.Articles - all.Dated; undated > 0 {
		notes = append(notes, undatedNote(undated))
	}
	return s, notes, nil
}

func undatedNote(n int) string {
	if n == 1 {
		return "1 article without a date was left out by the dates asked for."
	}
	return fmt.Sprintf("%d articles without a date were left out by the dates asked for.", n)
}

// maxOutlets is how many outlets a note names.
const maxOutlets = 5

// unknownOutlets tells of each outlet of f that no article is of, with those
// that most articles are of.
func (an *Answerer) unknownOutlets(ctx context.Context, f retrieval.Filter) (notes []string, err error) {
	if len(f.Outlets) == 0 {
		return nil, nil
	}
	stats, err := an.engine.Store().Stats(ctx, retrieval.Filter{Scope: f.Scope})
	if err != nil {
		return nil, fmt.Errorf("count articles: %w", err)
	}
	count := stats.Outlets
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a, b))
	})
	known := ""
	if len(names) > maxOutlets {
		known = " Most are of " + strings.Join(names[:maxOutlets], ", ") + "."
	} else if len(names) > 0 {
		known = " There are articles of " + strings.Join(names, ", ") + "."
	}
	for _, o := range f.Outlets {
		of, err := an.engine.Store().Stats(ctx, retrieval.Filter{Outlets: []string{o}, Scope: f.Scope})
		if err != nil {
			return nil, fmt.Errorf("count articles: %w", err)
		}
		if of.Articles == 0 {
			notes = append(notes, fmt.Sprintf("No article is of the outlet %s.%s", o, known))
		}
	}
	return notes, nil
}
