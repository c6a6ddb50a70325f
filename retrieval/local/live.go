package local

import (
	"cmp"
	"slices"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
)

// revision is one revision of an article as the indexes know it.
type revision struct {
	info     corpus.Info
	passages []corpus.Span
	embedded bool // it was stored with vectors; only known to a store in memory
}

// refs returns the refs of the passages.
func (r *revision) refs() []string {
	refs := make([]string, len(r.passages))
	for i, p := range r.passages {
		refs[i] = corpus.Ref{Article: r.info.ID, Span: p}.String()
	}
	return refs
}

// has reports whether s is one of the passages, which are in order.
func (r *revision) has(s corpus.Span) bool {
	_, found := slices.BinarySearchFunc(r.passages, s, comparePassages)
	return found
}

func comparePassages(a, b corpus.Span) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}

// liveArticles are the newest revisions of all articles, by bare ID. Their
// owner guards them.
type liveArticles struct {
	newest map[string]*revision
	sorted []*revision            // by source; nil after a change
	median map[string]corpus.Date // of the dated articles a server sees
	// passages is the number of passages of all of newest.
	passages int

	counting sync.Mutex
	counts   map[string]retrieval.Stats // of the default collection as a server sees it; nil after a change
}

func newLiveArticles() *liveArticles { return &liveArticles{newest: map[string]*revision{}} }

// put makes r the newest revision and returns the one that it replaces. A
// revision before the newest changes nothing: ok is false.
func (l *liveArticles) put(r *revision) (old *revision, ok bool) {
	bare, n := corpus.SplitID(r.info.ID)
	old = l.newest[bare]
	if old != nil {
		if _, m := corpus.SplitID(old.info.ID); m > n {
			return nil, false
		}
	}
	if old != nil {
		l.passages -= len(old.passages)
	}
	l.newest[bare] = r
	l.passages += len(r.passages)
	l.changed()
	return old, true
}

// remove takes out the article with the bare ID.
func (l *liveArticles) remove(bare string) {
	if r := l.newest[bare]; r != nil {
		l.passages -= len(r.passages)
	}
	delete(l.newest, bare)
	l.changed()
}

func (l *liveArticles) changed() { l.sorted, l.counts = nil, nil }

// sortedAndDated reports whether the order and the inferred dates are those of the
// present articles.
func (l *liveArticles) sortedAndDated() bool { return l.sorted != nil }

// sortAndDate sorts the articles and infers the dates that rest on others. An
// article of a server is dated beside the operator's articles and its own.
func (l *liveArticles) sortAndDate() {
	if l.sortedAndDated() {
		return
	}
	l.sorted = make([]*revision, 0, len(l.newest))
	dates := map[string][]corpus.Date{"": nil}
	for _, r := range l.newest {
		l.sorted = append(l.sorted, r)
		if r.info.Basis != corpus.BasisInferred {
			dates[r.info.Server] = append(dates[r.info.Server], r.info.Published)
		}
	}
	slices.SortFunc(l.sorted, bySource)
	l.median = make(map[string]corpus.Date, len(dates))
	for server, own := range dates {
		if server != "" {
			own = append(own, dates[""]...)
		}
		l.median[server] = corpus.MedianDate(own)
	}
	for _, r := range l.sorted {
		l.date(&r.info)
	}
}

// date infers the date of info if the text names only a day.
func (l *liveArticles) date(info *corpus.Info) {
	median, ok := l.median[info.Server]
	if !ok {
		median = l.median[""]
	}
	corpus.InferDates([]*corpus.Info{info, {Published: median, Basis: corpus.BasisMetadata}})
}

// list returns what f admits, by source.
func (l *liveArticles) list(f retrieval.Filter) []corpus.Info {
	from := l.sorted
	if len(f.IDs) > 0 {
		from = l.named(f.IDs)
	}
	infos := make([]corpus.Info, 0, len(from))
	for _, r := range from {
		if f.Admits(&r.info) {
			infos = append(infos, r.info)
		}
	}
	return infos
}

// stats counts what f admits.
func (l *liveArticles) stats(f retrieval.Filter) retrieval.Stats {
	if len(f.Outlets)+len(f.IDs)+len(f.Except)+len(f.Scope.Collections) > 0 || f.Dated() || f.Scope.All {
		return l.count(f)
	}
	l.counting.Lock()
	defer l.counting.Unlock()
	s, known := l.counts[f.Scope.Server]
	if !known {
		if l.counts == nil {
			l.counts = map[string]retrieval.Stats{}
		}
		s = l.count(f)
		l.counts[f.Scope.Server] = s
	}
	return s
}

func (l *liveArticles) count(f retrieval.Filter) (s retrieval.Stats) {
	from := l.sorted
	if len(f.IDs) > 0 {
		from = l.named(f.IDs)
	}
	for _, r := range from {
		if f.Admits(&r.info) {
			s.Add(&r.info)
		}
	}
	return s
}

// named returns the articles with these bare IDs, by source.
func (l *liveArticles) named(ids []string) (list []*revision) {
	for _, id := range ids {
		if r := l.newest[id]; r != nil && !slices.Contains(list, r) {
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
func (l *liveArticles) resolver(f retrieval.Filter) index.Resolve {
	admitted := map[*revision]bool{}
	return func(text string, score float64) (index.Match, bool) {
		ref, err := corpus.ParseRef(text)
		if err != nil {
			return index.Match{}, false
		}
		bare, _ := corpus.SplitID(ref.Article)
		r := l.newest[bare]
		if r == nil || r.info.ID != ref.Article {
			return index.Match{}, false
		}
		ok, known := admitted[r]
		if !known {
			ok = f.Admits(&r.info)
			admitted[r] = ok
		}
		if !ok || !r.has(ref.Span) {
			return index.Match{}, false
		}
		return index.Match{Candidate: retrieval.Candidate{Ref: ref, Score: score}, Published: r.info.Published}, true
	}
}
