package local

import (
	"cmp"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// revision is one revision of an article as the indexes know it.
type revision struct {
	info     corpus.Info
	passages []corpus.Span
}

// refs returns the refs of the passages.
func (r *revision) refs() []string {
	refs := make([]string, len(r.passages))
	for i, p := range r.passages {
		refs[i] = corpus.Ref{Article: r.info.ID, Span: p}.String()
	}
	return refs
}

// table is the newest revision of every article, by bare ID. It is guarded by
// its owner.
type table struct {
	newest map[string]*revision
	sorted []*revision            // by source; nil after a change
	median map[string]corpus.Date // of the dated articles a server sees
}

func newTable() *table { return &table{newest: map[string]*revision{}} }

// put makes r the newest revision and returns the one that it replaces. A
// revision before the newest changes nothing: ok is false.
func (t *table) put(r *revision) (old *revision, ok bool) {
	bare, n := corpus.SplitID(r.info.ID)
	old = t.newest[bare]
	if old != nil {
		if _, m := corpus.SplitID(old.info.ID); m > n {
			return nil, false
		}
	}
	t.newest[bare] = r
	t.sorted = nil
	return old, true
}

// remove takes out the article with the bare ID.
func (t *table) remove(bare string) {
	delete(t.newest, bare)
	t.sorted = nil
}

// settled reports whether the order and the inferred dates are those of the
// present articles.
func (t *table) settled() bool { return t.sorted != nil }

// settle sorts the articles and infers the dates that rest on others. An
// article of a server is dated beside the operator's articles and its own.
func (t *table) settle() {
	if t.settled() {
		return
	}
	t.sorted = make([]*revision, 0, len(t.newest))
	dates := map[string][]corpus.Date{"": nil}
	for _, r := range t.newest {
		t.sorted = append(t.sorted, r)
		if r.info.Basis != corpus.BasisInferred {
			dates[r.info.Server] = append(dates[r.info.Server], r.info.Published)
		}
	}
	slices.SortFunc(t.sorted, bySource)
	t.median = make(map[string]corpus.Date, len(dates))
	for server, own := range dates {
		if server != "" {
			own = append(own, dates[""]...)
		}
		t.median[server] = corpus.MedianDate(own)
	}
	for _, r := range t.sorted {
		t.date(&r.info)
	}
}

// date infers the date of info where the text names only a day.
func (t *table) date(info *corpus.Info) {
	median, ok := t.median[info.Server]
	if !ok {
		median = t.median[""]
	}
	corpus.InferDates([]*corpus.Info{info, {Published: median, Basis: corpus.BasisMetadata}})
}

// list returns what f admits, by source.
func (t *table) list(f retrieval.Filter) []corpus.Info {
	from := t.sorted
	if len(f.IDs) > 0 {
		from = t.named(f.IDs)
	}
	infos := make([]corpus.Info, 0, len(from))
	for _, r := range from {
		if f.Admits(&r.info) {
			infos = append(infos, r.info)
		}
	}
	return infos
}

// named returns the articles with these bare IDs, by source.
func (t *table) named(ids []string) (list []*revision) {
	for _, id := range ids {
		if r := t.newest[id]; r != nil && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, bySource)
	return list
}

func bySource(a, b *revision) int {
	return cmp.Or(cmp.Compare(a.info.Source, b.info.Source), cmp.Compare(a.info.ID, b.info.ID))
}

// resolver returns a function that turns the ref of an index into a match,
// or refuses it: what f does not admit, and what an index still holds of a
// removed or replaced revision.
func (t *table) resolver(f retrieval.Filter) func(ref string, score float64) (match, bool) {
	admitted := map[*revision]bool{}
	return func(text string, score float64) (match, bool) {
		ref, err := corpus.ParseRef(text)
		if err != nil {
			return match{}, false
		}
		bare, _ := corpus.SplitID(ref.Article)
		r := t.newest[bare]
		if r == nil || r.info.ID != ref.Article || !slices.Contains(r.passages, ref.Span) {
			return match{}, false
		}
		ok, known := admitted[r]
		if !known {
			ok = f.Admits(&r.info)
			admitted[r] = ok
		}
		return match{retrieval.Candidate{Ref: ref, Score: score}, r.info.Published}, ok
	}
}
