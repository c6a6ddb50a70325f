package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/sync/errgroup"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/rank"
)

const (
	wordPool   = 100 // passages by words that are ranked
	vectorPool = 600 // passages by vector whose similarity is known
	vectorTop  = 40  // of them ranked though no word found them
)

// Query is a question as it is put to the engine.
type Query struct {
	Text string
	AsOf corpus.Date
	// Assumed says that nobody gave AsOf. Then it counts only if the question
	// refers to the day of asking, so that any other is answered alike on any day.
	Assumed bool
	Filter  Filter
	K       int // hits wanted
	// Plain ranks by words alone, as the figure to compare with.
	Plain bool
	// Features keeps the features of every hit.
	Features bool
}

// Hit is a ranked passage.
type Hit struct {
	Ref      corpus.Ref
	Article  *corpus.Article
	Score    float64
	Features rank.Features // if asked for
	// Copies are the refs of passages with the same text in other articles.
	Copies []corpus.Ref
}

// Text returns the passage's own bytes.
func (h Hit) Text() string { return h.Article.Body[h.Ref.Start:h.Ref.End] }

// Result is what a search found.
type Result struct {
	Question *query.Question
	Hits     []Hit // best first
	Terms    query.TermStats
	// Degraded says in plain words what did not work, or "".
	Degraded string
	// Unreadable are the IDs of damaged articles, which were left out.
	Unreadable []string
}

// Notes says in plain words what the reader should know of the search.
func (r *Result) Notes() (notes []string) {
	if r.Degraded != "" {
		notes = append(notes, r.Degraded)
	}
	if len(r.Unreadable) > 0 {
		notes = append(notes, UnreadableNote(r.Unreadable))
	}
	return notes
}

// maxNamed is how many damaged articles a note names.
const maxNamed = 5

// UnreadableNote says that articles were left out because they are damaged, and
// what to do. ids is not empty.
func UnreadableNote(ids []string) string {
	var bare []string
	for _, id := range ids {
		if b, _ := corpus.SplitID(id); !slices.Contains(bare, b) {
			bare = append(bare, b)
		}
	}
	names := strings.Join(bare[:min(len(bare), maxNamed)], " ")
	if len(bare) == 1 {
		return fmt.Sprintf("Article %s is damaged and was left out. Remove it with 'verbatim remove %s' and ingest it again.", names, names)
	}
	return fmt.Sprintf("%d articles are damaged and were left out. Remove them with 'verbatim remove %s' and ingest them again.", len(bare), names)
}

// Search ranks the passages that match a query.
func (e *Engine) Search(ctx context.Context, q Query) (*Result, error) {
	question := query.Parse(q.Text, q.AsOf)
	question.Assumed = q.Assumed
	res := &Result{Question: question}
	hits, nearest, err := e.candidates(ctx, q, question, res)
	if err != nil {
		return nil, err
	}
	res.Terms = query.TermStats{Frequency: hits.Frequency, Passages: hits.Passages}
	alone := vectorTop
	if !e.hasKnownWords(question) {
		alone = 0
	}
	cands, err := e.load(ctx, fuse(hits.Hits, nearest, alone))
	if err != nil {
		return nil, err
	}
	stats, err := e.store.Stats(ctx, Filter{Scope: q.Filter.Scope})
	if err != nil {
		return nil, err
	}
	res.Unreadable = stats.Unreadable
	e.rank(q, res, cands)
	res.Hits = collapse(cands, q.K)
	if !q.Features {
		for i := range res.Hits {
			res.Hits[i].Features = rank.Features{}
		}
	}
	return res, ctx.Err()
}

// candidates asks words and vectors side by side.
func (e *Engine) candidates(ctx context.Context, q Query, question *query.Question, res *Result) (words WordHits, nearest []Candidate, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		var err error
		words, err = e.byWords(gctx, q, question)
		return err
	})
	if e.embedder != nil && !q.Plain {
		g.Go(func() error {
			near, err := e.nearest(gctx, q)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				e.log.Warn("search vectors", "err", err)
				res.Degraded = "The articles were searched by words alone, because the search by meaning did not work."
				return nil
			}
			nearest = near
			return nil
		})
	}
	err = g.Wait()
	return words, nearest, err
}

// byWords finds passages by the question's terms under every spelling.
func (e *Engine) byWords(ctx context.Context, q Query, question *query.Question) (WordHits, error) {
	hits, err := e.store.Words(ctx, wordQuery(question), max(wordPool, q.K), q.Filter)
	if err != nil {
		return WordHits{}, fmt.Errorf("search words: %w", err)
	}
	if q.Plain || !e.addVariants(ctx, question, hits.Frequency) {
		return hits, nil
	}
	if hits, err = e.store.Words(ctx, wordQuery(question), max(wordPool, q.K), q.Filter); err != nil {
		return WordHits{}, fmt.Errorf("search words: %w", err)
	}
	for _, v := range question.Variants {
		hits.Frequency[question.Terms[v.Term].Stem] += hits.Frequency[v.Stem]
	}
	return hits, nil
}

// addVariants adds the spellings that the store knows to the question, and
// reports whether it added any.
func (e *Engine) addVariants(ctx context.Context, question *query.Question, frequency map[string]int) bool {
	added, err := question.AddVariants(frequency, e.lexicon, func(stem string) (map[string]int, error) {
		return e.store.Spellings(ctx, stem, 2)
	})
	if err != nil {
		e.log.Warn("look up spellings", "err", err)
	}
	return added
}

func (e *Engine) nearest(ctx context.Context, q Query) ([]Candidate, error) {
	vectors, err := e.embedder.Embed(ctx, []string{q.Text})
	if err != nil {
		return nil, fmt.Errorf("embed the question: %w", err)
	}
	if len(vectors) != 1 || len(vectors[0]) == 0 {
		return nil, nil
	}
	return e.store.Nearest(ctx, e.embedder.Model(), vectors[0], vectorPool, q.Filter)
}

func wordQuery(q *query.Question) WordQuery {
	var w WordQuery
	for _, t := range q.Terms {
		w.Terms = append(w.Terms, Term{Text: t.Stem})
	}
	for _, v := range q.Variants {
		w.Terms = append(w.Terms, Term{Text: v.Stem})
	}
	return w
}

// candidate is a passage on its way through the ranking.
type candidate struct {
	Hit
	bm25   float64 // 0 if words did not find it
	vector float64 // cosine, or that of the last known one
}

// hasKnownWords reports whether the question's vector has a meaning. One that is made
// of words that the embedder does not know is near to passages by chance, but
// for those that hold the same words, and these are found by words.
func (e *Engine) hasKnownWords(q *query.Question) bool {
	known, ok := e.embedder.(query.Lexicon)
	return !ok || slices.ContainsFunc(q.Terms, func(t query.Term) bool {
		return slices.ContainsFunc(strings.FieldsFunc(t.Text, isSeparator), func(word string) bool {
			_, ok := known.Weight(word)
			return ok
		})
	})
}

func isSeparator(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// fuse joins what words and vectors found: all that words found, and of the
// nearest by vector as many as may stand alone.
func fuse(hits, nearest []Candidate, alone int) []*candidate {
	out := make([]*candidate, 0, len(hits)+alone)
	byRef := make(map[corpus.Ref]*candidate, len(hits)+alone)
	for _, h := range hits {
		c := &candidate{Hit: Hit{Ref: h.Ref}, bm25: h.Score}
		byRef[h.Ref] = c
		out = append(out, c)
	}
	floor := 0.0
	if len(nearest) > 0 {
		floor = nearest[len(nearest)-1].Score
	}
	for _, c := range out {
		c.vector = floor
	}
	for i, n := range nearest {
		c, ok := byRef[n.Ref]
		if !ok && i < alone {
			c = &candidate{Hit: Hit{Ref: n.Ref}}
			out = append(out, c)
		}
		if c != nil {
			c.vector = n.Score
		}
	}
	return out
}

// load fetches the candidates' articles, each once. One that was removed in
// the meantime is left out.
func (e *Engine) load(ctx context.Context, cands []*candidate) ([]*candidate, error) {
	articles := make(map[string]*corpus.Article)
	for _, c := range cands {
		a, ok := articles[c.Ref.Article]
		if !ok {
			var err error
			if a, err = e.store.Article(ctx, c.Ref.Article); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				e.log.Warn("load candidate", "article", c.Ref.Article, "err", err)
			}
			articles[c.Ref.Article] = a
		}
		c.Article = a
	}
	return slices.DeleteFunc(cands, func(c *candidate) bool {
		if c.Article == nil {
			return true
		}
		_, err := c.Article.Text(c.Ref.Span)
		return err != nil
	}), nil
}

// rank scores the candidates by their features and sorts them.
func (e *Engine) rank(q Query, res *Result, cands []*candidate) {
	if q.Plain {
		for _, c := range cands {
			c.Score = c.bm25
		}
	} else {
		passages := make([]rank.Passage, len(cands))
		for i, c := range cands {
			passages[i] = rank.Passage{Article: c.Article, Span: c.Ref.Span, BM25: c.bm25, Vector: c.vector}
		}
		features := rank.Passages(res.Question, passages, func() *query.Matcher {
			return query.NewMatcher(res.Question, res.Terms, e.stemmer, e.lexicon)
		})
		for i, f := range features {
			cands[i].Features = f
			cands[i].Score = f.Score(e.weights.Passage)
		}
	}
	slices.SortFunc(cands, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score),
			cmp.Compare(b.Article.Published, a.Article.Published),
			cmp.Compare(a.Ref.Article, b.Ref.Article), cmp.Compare(a.Ref.Start, b.Ref.Start))
	})
}

// collapse keeps the k best hits; a passage of another article with the same
// text becomes a copy of the better one.
func collapse(cands []*candidate, k int) []Hit {
	byText := make(map[string]int)
	var out []Hit
	for _, c := range cands {
		text := c.Text()
		if i, ok := byText[text]; ok {
			if out[i].Ref.Article != c.Ref.Article {
				out[i].Copies = append(out[i].Copies, c.Ref)
			}
			continue
		}
		if len(out) == k {
			continue
		}
		byText[text] = len(out)
		out = append(out, c.Hit)
	}
	return out
}
