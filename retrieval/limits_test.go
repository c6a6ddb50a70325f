package retrieval_test

import (
	"fmt"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local"
)

func ingest(t testing.TB, items ...retrieval.Item) (*retrieval.Engine, retrieval.Report) {
	t.Helper()
	store, err := local.NewInMemory()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	e, err := retrieval.New(retrieval.Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	report, err := e.Ingest(t.Context(), func(yield func(retrieval.Item, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}, retrieval.IngestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return e, report
}

func TestManyRefusals(t *testing.T) {
	var items []retrieval.Item
	for i := range 300 {
		items = append(items, retrieval.Item{Source: fmt.Sprint("empty-", i)})
	}
	_, report := ingest(t, append(items, retrieval.Item{Source: "good", Raw: []byte("The dam broke.")})...)
	if len(report.Refused) != 200 || report.AllRefused() != 300 || report.Added != 1 || len(report.Notes) != 1 || !strings.HasPrefix(report.Notes[0], "100 more") {
		t.Errorf("%d refusals of %d, %d added, notes %q", len(report.Refused), report.AllRefused(), report.Added, report.Notes)
	}
}

func TestManyLines(t *testing.T) {
	for _, text := range []string{strings.Repeat("a\n", 300_000), strings.Repeat("a\r\n", 250_000), strings.Repeat("\u2028a", 250_000)} {
		if _, report := ingest(t, retrieval.Item{Source: "lines", Raw: []byte(text)}); report.AllRefused() != 1 || !strings.Contains(report.Refused[0].Why, " lines; an article has at most 200000") {
			t.Errorf("%d bytes of short lines: %+v", len(text), report)
		}
	}
}

// A title without limit would be indexed as often as its article has passages.
func TestLongTitle(t *testing.T) {
	title := strings.Repeat("Überschwemmung ", 10_000)
	e, _ := ingest(t, retrieval.Item{Source: "a", Raw: []byte("The dam broke."), Given: corpus.Given{Title: title, Outlet: title}})
	infos, err := e.Store().Articles(t.Context(), retrieval.Filter{})
	if err != nil || len(infos) != 1 {
		t.Fatal(infos, err)
	}
	i := infos[0]
	if len(i.Title) > 1010 || len(i.Outlet) > 310 || !strings.HasSuffix(i.Title, "Überschwemmung…") || strings.TrimSpace(i.Given.Title) != strings.TrimSpace(title) {
		t.Errorf("title of %d bytes ending in %q, outlet of %d, given %d", len(i.Title), i.Title[len(i.Title)-20:], len(i.Outlet), len(i.Given.Title))
	}
	i.Title, i.Outlet = title, title
	if text := retrieval.IndexText(&i, "The dam broke."); len(text) > 450 || !strings.HasSuffix(text, " . The dam broke.") {
		t.Errorf("%d bytes are indexed: %q", len(text), text)
	}
	for _, short := range []string{"", "A", strings.Repeat("é", 150)} {
		i.Title, i.Outlet, i.Agency = short, "", ""
		if text := retrieval.IndexText(&i, "x"); text != short+" . x" {
			t.Errorf("indexed as %q", text)
		}
	}
}
