package rank

import (
	"math"
	"sync"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// Passage is a passage that was found for a question.
type Passage struct {
	Article *corpus.Article
	Span    corpus.Span
	BM25    float64 // 0 if words did not find it
	Vector  float64 // cosine, or that of the last known one
}

// Text returns the passage's own bytes.
func (p *Passage) Text() string { return p.Article.Body[p.Span.Start:p.Span.End] }

// Passages returns the features of each passage. newMatcher returns a new
// matcher of the question that found them; it is called once for each
// goroutine that works on them.
func Passages(q *query.Question, passages []Passage, newMatcher func() *query.Matcher) []Features {
	d := describer{question: q, top: 1e-9, articles: make(map[*corpus.Article]*articleView)}
	m := newMatcher()
	for i := range passages {
		p := &passages[i]
		d.top = max(d.top, p.BM25)
		v := d.articles[p.Article]
		if v == nil {
			v = &articleView{title: m.Match(m.View(p.Article.Title))}
			d.articles[p.Article] = v
		} else {
			v.others++
		}
		v.best = max(v.best, p.BM25)
	}
	out := make([]Features, len(passages))
	describe := func(m *query.Matcher, from, to int) {
		var toks []words.Token
		for i := from; i < to; i++ {
			text := passages[i].Text()
			toks = m.AppendTokens(toks[:0], text)
			out[i] = d.describe(m, &passages[i], words.View{Text: text, Tokens: toks})
		}
	}
	half := len(passages) / 2
	var wait sync.WaitGroup
	wait.Go(func() { describe(newMatcher(), half, len(passages)) })
	describe(m, 0, half)
	wait.Wait()
	return out
}

// PassageFeatures returns the names of the features of a passage, in the
// order of their values.
func PassageFeatures() []string {
	q := query.Parse("", "")
	none := []Passage{{Article: new(corpus.Article)}}
	return Passages(q, none, func() *query.Matcher { return query.NewMatcher(q, query.TermStats{}, nil, nil) })[0].Names
}

// articleView is what the found passages of one article share.
type articleView struct {
	title  query.Match
	best   float64 // BM25 of its best passage
	others int     // further passages that were found
}

// describer knows what the features of all passages are relative to.
type describer struct {
	question *query.Question
	articles map[*corpus.Article]*articleView
	top      float64 // BM25 of the best passage
}

func (d *describer) describe(m *query.Matcher, p *Passage, v words.View) Features {
	q, article := d.question, d.articles[p.Article]
	match, title := m.Match(v), article.title

	f := Features{Names: make([]string, 0, 36), Values: make([]float64, 0, 36)}
	f.Add("bm25", p.BM25/d.top)
	f.Add("bm25_only_vector", indicator(p.BM25 == 0))
	f.Add("vector", p.Vector)

	f.Add("coverage", m.Union(match, title))
	f.Add("rare", match.Rare)
	f.Add("sentence", match.Best)
	f.Add("title", title.Coverage)
	f.Add("title_rare", title.Rare)
	f.Add("bigrams", match.Bigrams)
	f.Add("phrases", m.Phrases(v.Tokens))
	f.Add("names", max(match.Names, title.Names))
	f.Add("figures", match.Figures)

	addSought(&f, q.Kind, match)
	f.Add("cited", m.CitedBy(&p.Article.Info, v.Text))

	near := NearnessOf(p.Article.Published, q.Day())
	f.Add("near3", near.Days3)
	f.Add("near10", near.Days10)
	f.Add("near60", near.Days60)
	f.Add("future", near.Future)

	f.Add("lead", indicator(p.Span.Start < 600))
	f.Add("article_best", article.best/d.top)
	f.Add("article_more", math.Log1p(float64(article.others)))
	f.Add("counted", match.Counted)
	f.Add("beside_who", indicator(q.Kind == query.KindWho && match.Beside))
	f.Add("length", float64(len(v.Tokens))/130)
	return f
}

// addSought adds the features for what a question of a kind asks for.
func addSought(f *Features, kind query.Kind, match query.Match) {
	who, where, which := kind == query.KindWho, kind == query.KindWhere, kind == query.KindWhich
	newNames := math.Log1p(float64(match.NewNames))
	f.Add("new_name_who", newNames*indicator(who))
	f.Add("new_name_where", newNames*indicator(where))
	f.Add("new_name_which", newNames*indicator(which))
	f.Add("new_name_what", newNames*indicator(!who && !where && !which))
	f.Add("new_figure", math.Log1p(float64(match.NewFigs))*indicator(kind == query.KindHowMany))
	f.Add("new_date", math.Log1p(float64(match.Dates))*indicator(kind == query.KindWhen))
	f.Add("type", match.Type)
	f.Add("type_word", indicator(match.TypeWord))
	f.Add("reason", math.Log1p(float64(match.Reasons))*indicator(kind == query.KindWhy))
	f.Add("saying", math.Log1p(float64(match.Sayings))*indicator(kind == query.KindSaid))
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Nearness is how near an article's date lies to the day of asking, 0 if
// either is unknown.
type Nearness struct {
	// Days3, Days10 and Days60 are exponential decays by that many days: 1 on
	// the day itself.
	Days3, Days10, Days60 float64
	// Future is 1 if the article is more than 3 days newer than the day of
	// asking, else 0.
	Future float64
}

// NearnessOf returns how near published lies to asOf.
func NearnessOf(published, asOf corpus.Date) Nearness {
	days, ok := asOf.Days(published)
	if !ok {
		return Nearness{}
	}
	d := math.Abs(float64(days))
	return Nearness{Days3: math.Exp(-d / 3), Days10: math.Exp(-d / 10), Days60: math.Exp(-d / 60), Future: indicator(days < -3)}
}
