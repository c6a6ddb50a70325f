package answer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// The numbers of hits of a search.
const (
	DefaultHits = 10
	MaxHits     = 100
)

// SearchRequest asks for passages.
type SearchRequest struct {
	Query   string
	Filter  retrieval.Filter
	AsOf    corpus.Date // as in Request, and so is Today
	Today   corpus.Date
	N       int // hits wanted; 0 means DefaultHits
	Explain bool
	Plain   bool // rank by plain BM25, to compare with
}

// SearchResult is what a search found.
type SearchResult struct {
	Query    string
	Hits     []Hit
	Searched Searched
	Notes    []string
}

// Hit is a found passage.
type Hit struct {
	Rank     int // from 1
	Quote    corpus.Quote
	Score    float64
	Features map[string]float64
	Copies   []string // refs of the same text in other articles
	// Marks are the words of the question in the passage, Snippet its sentences
	// that are worth showing.
	Marks   []corpus.Span
	Snippet corpus.Quote
}

// Search ranks passages. ErrQuestion and ErrLongQuestion are the asker's fault.
func (an *Answerer) Search(ctx context.Context, r SearchRequest) (*SearchResult, error) {
	text, err := checkQuestion(r.Query)
	if err != nil {
		return nil, err
	}
	if r.N <= 0 {
		r.N = DefaultHits
	}
	assumed := r.AsOf == ""
	if assumed {
		r.AsOf = cmp.Or(r.Today, an.today())
	}
	out := &SearchResult{Query: text}
	searched, notes, err := an.searched(ctx, r.Filter)
	if err != nil {
		return nil, err
	}
	out.Searched, out.Notes = searched, notes
	res, err := an.engine.Search(ctx, retrieval.Query{Text: text, AsOf: r.AsOf, Assumed: assumed, Filter: r.Filter, K: min(r.N, MaxHits), Plain: r.Plain, Features: r.Explain})
	if err != nil {
		return nil, err
	}
	out.Notes = append(out.Notes, res.Notes()...)
	for i, h := range res.Hits {
		q, err := corpus.NewQuote(h.Article, h.Ref.Span)
		if err != nil {
			return nil, err
		}
		hit := Hit{Rank: i + 1, Quote: q, Score: h.Score, Marks: matched(q, res.Question)}
		hit.Snippet = snippet(q, hit.Marks)
		for _, c := range h.Copies {
			hit.Copies = append(hit.Copies, c.String())
		}
		if r.Explain {
			hit.Features = h.Features.Explain(an.engine.Weights().Passage)
		}
		out.Hits = append(out.Hits, hit)
	}
	return out, nil
}

// Sources lists the articles that f admits and whose title, outlet, agency,
// source or ID holds text, whatever its case; all if text is blank.
func (an *Answerer) Sources(ctx context.Context, f retrieval.Filter, text string) ([]corpus.Info, error) {
	infos, err := an.engine.Store().Articles(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	want := words.Fold(strings.TrimSpace(text))
	if want == "" {
		return infos, nil
	}
	return slices.DeleteFunc(slices.Clone(infos), func(i corpus.Info) bool {
		return !strings.Contains(words.Fold(strings.Join([]string{i.ID, i.Source, i.Outlet, i.Agency, i.Title}, "\n")), want)
	}), nil
}

// minPrefix is the shortest start of an ID that stands for it, in bytes.
const minPrefix = 4

// Article returns the newest revision for a bare ID, a given one for "ID.n". In
// place of an ID it takes the start of one, of 4 characters or more, and a source
// or the name of its file. It is retrieval.ErrNotFound also for an article that
// is not in scope, and *AmbiguousError for a name of several.
func (an *Answerer) Article(ctx context.Context, id string, scope corpus.Scope) (*corpus.Article, error) {
	id = strings.TrimSpace(id)
	a, err := an.engine.Article(ctx, id, scope)
	if !errors.Is(err, retrieval.ErrNotFound) {
		return a, err
	}
	infos, lerr := an.engine.Store().Articles(ctx, retrieval.Filter{Scope: scope})
	if lerr != nil {
		return nil, fmt.Errorf("list articles: %w", lerr)
	}
	prefix, revision := id, ""
	if at := strings.LastIndexByte(id, '.'); at >= 0 && at+1 < len(id) && strings.Trim(id[at+1:], "0123456789") == "" {
		prefix, revision = id[:at], id[at:]
	}
	var found []string
	for _, i := range infos {
		bare, _ := corpus.SplitID(i.ID)
		switch {
		case i.Source == id || path.Base(i.Source) == id:
			found = append(found, bare)
		case len(prefix) >= minPrefix && strings.HasPrefix(bare, prefix):
			found = append(found, bare+revision)
		}
	}
	switch len(found) {
	case 0:
		return nil, err
	case 1:
		return an.engine.Article(ctx, found[0], scope)
	}
	return nil, &AmbiguousError{Name: id, IDs: found}
}

// AmbiguousError says that a name stands for several articles.
type AmbiguousError struct {
	Name string
	IDs  []string
}

func (e *AmbiguousError) Error() string {
	const most = 5
	ids, rest := e.IDs, ""
	if len(ids) > most {
		ids, rest = ids[:most], fmt.Sprintf(" and %d more", len(e.IDs)-most)
	}
	return fmt.Sprintf("%s stands for %d articles: %s%s", e.Name, len(e.IDs), strings.Join(ids, ", "), rest)
}

// Quote returns the quote at ref; a bare ID in a ref is the first revision.
func (an *Answerer) Quote(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (corpus.Quote, error) {
	return an.engine.Quote(ctx, ref, scope)
}

// Around is a quote with the sentence before and the sentence after it; a
// zero Quote if there is none.
type Around struct {
	Before, Quote, After corpus.Quote
}

// Context returns the quote at ref with its neighbours.
func (an *Answerer) Context(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (Around, error) {
	q, err := an.Quote(ctx, ref, scope)
	if err != nil {
		return Around{}, err
	}
	around, a := Around{Quote: q}, q.Article()
	for _, s := range retrieval.Sentences(a) {
		neighbour, err := corpus.NewQuote(a, s)
		if err != nil {
			return Around{}, err
		}
		if s.End <= ref.Start {
			around.Before = neighbour
		}
		if s.Start >= ref.End {
			around.After = neighbour
			break
		}
	}
	return around, nil
}

// FindResult is where words stand verbatim.
type FindResult struct {
	Words   string
	Matches []Quote
	Notes   []string
}

// maxMatches bounds the matches that Find returns.
const maxMatches = 100

// Find returns the sentences of the articles that f admits in which text
// stands, with its words marked. What looks the same on a page counts as
// equal, as words.FoldAlike says; furniture is never searched. ErrQuestion and
// ErrLongQuestion are the asker's fault.
func (an *Answerer) Find(ctx context.Context, text string, f retrieval.Filter) (*FindResult, error) {
	text, err := checkQuestion(text)
	if err != nil {
		return nil, err
	}
	out := &FindResult{Words: text}
	want := strings.TrimSpace(words.FoldAlike(text, true).Text)
	if strings.Trim(want, `"' -.`) == "" {
		return out, nil
	}
	infos, err := an.engine.Store().Articles(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	if err := an.findAll(ctx, infos, want, out); err != nil {
		return nil, err
	}
	stats, err := an.engine.Store().Stats(ctx, retrieval.Filter{Scope: f.Scope})
	if err != nil {
		return nil, err
	}
	if len(stats.Unreadable) > 0 {
		out.Notes = append(out.Notes, retrieval.UnreadableNote(stats.Unreadable))
	}
	return out, nil
}

// findAll adds the places where the articles of infos say want to out.
func (an *Answerer) findAll(ctx context.Context, infos []corpus.Info, want string, out *FindResult) error {
	for _, i := range infos {
		a, err := an.engine.Store().Article(ctx, i.ID)
		if errors.Is(err, retrieval.ErrDamaged) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read article %s: %w", i.ID, err)
		}
		quotes, err := quotesOf(a, findIn(a, want))
		if err != nil {
			return err
		}
		for _, q := range quotes {
			if len(out.Matches) == maxMatches {
				out.Notes = append(out.Notes, fmt.Sprintf("Only the first %d places are shown.", maxMatches))
				return nil
			}
			q.N = len(out.Matches) + 1
			out.Matches = append(out.Matches, q)
		}
	}
	return nil
}

// quotesOf returns the sentences of a that found, in order, stands in, with
// what was found marked.
func quotesOf(a *corpus.Article, found []corpus.Span) ([]Quote, error) {
	if len(found) == 0 {
		return nil, nil
	}
	sentences := retrieval.Sentences(a)
	var out []Quote
	for _, s := range found {
		span := s
		for _, sentence := range sentences {
			if sentence.Overlaps(s) {
				span.Start, span.End = min(span.Start, sentence.Start), max(span.End, sentence.End)
			}
		}
		if a.Marked(span) {
			span = s
		}
		if n := len(out); n > 0 && out[n-1].Span() == span {
			out[n-1].Marks = append(out[n-1].Marks, s)
			continue
		}
		q, err := corpus.NewQuote(a, span)
		if err != nil {
			return nil, err
		}
		out = append(out, Quote{Quote: q, Marks: []corpus.Span{s}})
	}
	return out, nil
}

// findIn returns the spans of a's body that look like want, which is folded,
// and are no furniture. A word broken at the end of a line is found with its
// hyphen and without.
func findIn(a *corpus.Article, want string) []corpus.Span {
	var out []corpus.Span
	for _, hyphens := range []bool{false, true} {
		folded := words.FoldAlike(a.Body, hyphens)
		for from := 0; from < len(folded.Text); {
			i := strings.Index(folded.Text[from:], want)
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(want)
			s := corpus.Span(folded.Span(start, end))
			if a.Marked(s) {
				_, size := utf8.DecodeRuneInString(want)
				from = start + size
				continue
			}
			from = end
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b corpus.Span) int { return a.Start - b.Start })
	return out
}
