// Package api holds the JSON objects that the program prints and serves: those
// of --json, of the HTTP interface and of tools. docs/json.md describes them for
// their readers. Lists are [] and never null; offsets are bytes of an article's
// body, 0-based, the end exclusive.
package api

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Quote is a quote: the bytes Start to End of the body of Article.
type Quote struct {
	N         int          `json:"n"` // from 1, as marked in the answer's text
	Ref       string       `json:"ref"`
	Text      string       `json:"text"`
	Article   string       `json:"article"` // its ID
	Source    string       `json:"source"`
	Outlet    string       `json:"outlet"`
	Agency    string       `json:"agency"`
	Title     string       `json:"title"`
	Published corpus.Date  `json:"published"`
	Basis     corpus.Basis `json:"published_basis"`
	URL       string       `json:"url"`
	Start     int          `json:"start"`
	End       int          `json:"end"`
	// Marks are the words that answer, inside Start to End.
	Marks       []corpus.Span `json:"marks"`
	Also        []string      `json:"also"` // refs of other articles that say the same
	Attribution Attribution   `json:"attribution"`
	Newer       string        `json:"newer"`        // ID of a later revision of the article
	CorrectedBy string        `json:"corrected_by"` // ID of the article that corrects it
	// Context are spans of the same article that the quote needs to be understood.
	Context  []Span             `json:"context"`
	Days     []Day              `json:"days"`
	Features map[string]float64 `json:"features,omitempty"`
}

// Span is a part of an article's body.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Attribution says who says what a quote says.
type Attribution struct {
	Who    string `json:"who"`
	Office string `json:"office"`
	Kind   string `json:"kind"` // outlet, other_outlet, named, unnamed or party
}

// Day is a day or a stretch of days that a quote names.
type Day struct {
	Start     int         `json:"start"` // of its words
	End       int         `json:"end"`
	From      corpus.Date `json:"from"`
	To        corpus.Date `json:"to"`
	Precision string      `json:"precision"`
}

// Point is one statement of an answer and the numbers of its quotes.
type Point struct {
	Text   string `json:"text"`
	Quotes []int  `json:"quotes"`
}

// Disagreement lists the different values that quotes give of one thing.
type Disagreement struct {
	About  string             `json:"about"`
	Values []DisagreeingValue `json:"values"`
}

// DisagreeingValue is one value of a disagreement.
type DisagreeingValue struct {
	Value  string `json:"value"`
	Quotes []int  `json:"quotes"`
}

// Value is one entry of the answer line.
type Value struct {
	Text     string `json:"text"`
	Articles int    `json:"articles"` // that give it
	Quotes   []int  `json:"quotes"`
	Group    int    `json:"group"` // the same for values that agree
}

// Spelling says how the articles spell a name of the question.
type Spelling struct {
	Asked string   `json:"asked"`
	Found []string `json:"found"`
}

// Sources counts the articles that are quoted, and those less copies.
type Sources struct {
	Articles    int `json:"articles"`
	Independent int `json:"independent"`
}

// Searched says what was searched.
type Searched struct {
	Articles int         `json:"articles"`
	From     corpus.Date `json:"from"`
	To       corpus.Date `json:"to"`
}

// Answer is the object of ask.
type Answer struct {
	Question      string         `json:"question"`
	Asked         string         `json:"asked,omitempty"` // as typed, if Question was rewritten
	Status        answer.Status  `json:"status"`
	Sure          float64        `json:"sure"` // probability that a quote answers, to two decimals
	Mode          answer.Mode    `json:"mode"`
	Answer        string         `json:"answer"`
	Points        []Point        `json:"points"`
	Quotes        []Quote        `json:"quotes"`
	Summary       []Value        `json:"summary"`
	Spellings     []Spelling     `json:"spellings"`
	Disagreements []Disagreement `json:"disagreements"`
	Sources       Sources        `json:"sources"`
	Searched      Searched       `json:"searched"`
	Nearest       []Quote        `json:"nearest"`
	Notes         []string       `json:"notes"`
	Dropped       int            `json:"dropped"`
	TookMS        float64        `json:"took_ms"`
}

// Hit is one passage of a search.
type Hit struct {
	Rank      int                `json:"rank"`
	Ref       string             `json:"ref"`
	Article   string             `json:"article"`
	Source    string             `json:"source"`
	Outlet    string             `json:"outlet"`
	Agency    string             `json:"agency"`
	Title     string             `json:"title"`
	Published corpus.Date        `json:"published"`
	Score     float64            `json:"score"`
	Start     int                `json:"start"`
	End       int                `json:"end"`
	Text      string             `json:"text"`
	Marks     []corpus.Span      `json:"marks"`  // words of the query
	Copies    []string           `json:"copies"` // refs of the same text in other articles
	Features  map[string]float64 `json:"features,omitempty"`
}

// Search is the object of search.
type Search struct {
	Query    string   `json:"query"`
	Hits     []Hit    `json:"hits"`
	Searched Searched `json:"searched"`
	Notes    []string `json:"notes"`
}

// Matches is the object of quote.
type Matches struct {
	Words   string   `json:"words"`
	Matches []Quote  `json:"matches"`
	Notes   []string `json:"notes"`
}

// Article is what is known about an article, without its body.
type Article struct {
	ID        string       `json:"id"`
	Source    string       `json:"source"`
	Outlet    string       `json:"outlet"`
	Agency    string       `json:"agency"`
	Title     string       `json:"title"`
	Published corpus.Date  `json:"published"`
	Basis     corpus.Basis `json:"published_basis"`
	URL       string       `json:"url"`
	Bytes     int          `json:"bytes"`
	Passages  int          `json:"passages"`
}

// Articles is the object of sources.
type Articles struct {
	Articles []Article `json:"articles"`
	Notes    []string  `json:"notes"`
}

// Source is the object of source.
type Source struct {
	Article
	Author    string        `json:"author"`
	Place     string        `json:"place"`
	Language  string        `json:"language"`
	Body      string        `json:"body"`
	Furniture []corpus.Mark `json:"furniture"`
	// PublishedSpan is where the date was read in the body; empty if it was given
	// beside it or inferred.
	PublishedSpan corpus.Span `json:"published_span"`
	Around        *Around     `json:"around,omitempty"`
	Notes         []string    `json:"notes"`
}

// Around is a quote with the sentence before and the one after it.
type Around struct {
	Ref    string `json:"ref"`
	Before string `json:"before"`
	Text   string `json:"text"`
	After  string `json:"after"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// Ingest is the object of ingest.
type Ingest struct {
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Same    int       `json:"same"`
	Refused []Refusal `json:"refused"`
	Found   []Found   `json:"found"` // of the new and changed articles
	Notes   []string  `json:"notes"`
}

// Found is what an ingest found out about an article.
type Found struct {
	ID        string       `json:"id"`
	Source    string       `json:"source"`
	Title     string       `json:"title"`
	Published corpus.Date  `json:"published"`
	Basis     corpus.Basis `json:"published_basis"`
	Outlet    string       `json:"outlet"`
	Unused    []string     `json:"unused"` // keys of its metadata that were not used
}

// Refusal is a source that was not taken, and why.
type Refusal struct {
	Source string `json:"source"`
	Why    string `json:"why"`
}

// NewAnswer returns the object of an answer, with the features of its scores
// if explain is set.
func NewAnswer(a *answer.Answer, explain bool) Answer {
	out := Answer{
		Question: a.Question, Asked: a.Asked, Status: a.Status, Sure: math.Round(a.Sure*100) / 100, Mode: a.Mode, Answer: a.Text,
		Points:        make([]Point, len(a.Points)),
		Quotes:        NewQuotes(a.Quotes, explain),
		Summary:       make([]Value, len(a.Summary)),
		Spellings:     make([]Spelling, len(a.Spellings)),
		Disagreements: []Disagreement{},
		Sources:       Sources(a.Sources),
		Searched:      Searched(a.Searched),
		Nearest:       NewQuotes(a.Nearest, explain),
		Notes:         List(a.Notes),
		Dropped:       a.Dropped,
		TookMS:        Milliseconds(a.Took),
	}
	for i, p := range a.Points {
		out.Points[i] = Point{Text: p.Text, Quotes: List(p.Quotes)}
	}
	for i, v := range a.Summary {
		out.Summary[i] = Value{Text: v.Text, Articles: v.Articles, Quotes: List(v.Quotes), Group: v.Group}
	}
	for i, s := range a.Spellings {
		out.Spellings[i] = Spelling{Asked: s.Asked, Found: List(s.Found)}
	}
	return out
}

// NewQuotes returns the objects of quotes. One without a number gets its place
// in the list.
func NewQuotes(quotes []answer.Quote, explain bool) []Quote {
	out := make([]Quote, len(quotes))
	for i, q := range quotes {
		if out[i] = newQuote(q); q.N == 0 {
			out[i].N = i + 1
		}
		if explain {
			out[i].Features = features(q.Features)
		}
	}
	return out
}

func newQuote(q answer.Quote) Quote {
	a, s := q.Article(), q.Span()
	out := Quote{
		N: q.N, Ref: q.Ref().String(), Text: q.Text(), Article: a.ID, Source: a.Source,
		Outlet: a.Outlet, Agency: a.Agency, Title: a.Title,
		Published: a.Published, Basis: a.Basis, URL: a.URL, Start: s.Start, End: s.End,
		Marks: List(q.Marks), Also: make([]string, len(q.Also)), Newer: q.Newer, CorrectedBy: q.CorrectedBy,
		Context: make([]Span, len(q.Context)), Days: []Day{},
	}
	for i, ref := range q.Also {
		out.Also[i] = ref.String()
	}
	for i, c := range q.Context {
		out.Context[i] = Span{Start: c.Span().Start, End: c.Span().End, Text: c.Text()}
	}
	return out
}

// features leaves out what adds nothing. The map is never nil: with explain each
// quote has one.
func features(f map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(f))
	for name, v := range f {
		if v != 0 && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[name] = v
		}
	}
	return out
}

// NewSearch returns the object of a search.
func NewSearch(r *answer.SearchResult, explain bool) Search {
	out := Search{Query: r.Query, Hits: make([]Hit, len(r.Hits)), Searched: Searched(r.Searched), Notes: List(r.Notes)}
	for i, h := range r.Hits {
		a, s := h.Quote.Article(), h.Quote.Span()
		out.Hits[i] = Hit{
			Rank: h.Rank, Ref: h.Quote.Ref().String(), Article: a.ID, Source: a.Source,
			Outlet: a.Outlet, Agency: a.Agency, Title: a.Title, Published: a.Published,
			Score: h.Score, Start: s.Start, End: s.End, Text: h.Quote.Text(), Marks: List(h.Marks), Copies: List(h.Copies),
		}
		if explain {
			out.Hits[i].Features = features(h.Features)
		}
	}
	return out
}

// NewMatches returns the object of a search for words.
func NewMatches(r *answer.FindResult) Matches {
	return Matches{Words: r.Words, Matches: NewQuotes(r.Matches, false), Notes: List(r.Notes)}
}

// NewArticle returns the object of an article.
func NewArticle(i *corpus.Info) Article {
	return Article{
		ID: i.ID, Source: i.Source, Outlet: i.Outlet, Agency: i.Agency, Title: i.Title,
		Published: i.Published, Basis: i.Basis, URL: i.URL, Bytes: i.Bytes, Passages: i.Passages,
	}
}

// NewArticles returns the object of a list of articles.
func NewArticles(infos []corpus.Info, notes []string) Articles {
	out := Articles{Articles: make([]Article, len(infos)), Notes: List(notes)}
	for i := range infos {
		out.Articles[i] = NewArticle(&infos[i])
	}
	return out
}

// NewSource returns the object of an article with its body and, if around is
// not zero, a quote in it with its neighbors.
func NewSource(a *corpus.Article, around answer.Around, notes []string) Source {
	out := Source{
		Article: NewArticle(&a.Info), Author: a.Author, Place: a.Place, Language: a.Language,
		Body: a.Body, Furniture: List(a.Furniture), PublishedSpan: a.PublishedSpan, Notes: List(notes),
	}
	if around.Quote.Article() != nil {
		s := around.Quote.Span()
		out.Around = &Around{
			Ref: around.Quote.Ref().String(), Before: around.Before.Text(), Text: around.Quote.Text(),
			After: around.After.Text(), Start: s.Start, End: s.End,
		}
	}
	return out
}

// NewIngest returns the object of an ingest's report.
func NewIngest(r retrieval.Report) Ingest {
	out := Ingest{
		Added: r.Added, Changed: r.Changed, Same: r.Same,
		Refused: make([]Refusal, len(r.Refused)), Found: make([]Found, len(r.Found)), Notes: List(r.Notes),
	}
	for i, x := range r.Refused {
		out.Refused[i] = Refusal{Source: x.Source, Why: x.Why}
	}
	for i, f := range r.Found {
		out.Found[i] = Found{
			ID: f.ID, Source: f.Source, Title: f.Title, Published: f.Published, Basis: f.Basis, Outlet: f.Outlet, Unused: List(f.Unused),
		}
	}
	return out
}

// Milliseconds returns d in milliseconds, to a hundredth.
func Milliseconds(d time.Duration) float64 {
	return math.Round(float64(d.Microseconds())/10) / 100
}

// WithID is an object whose first field is the id of a batch line.
type WithID[T any] struct {
	ID json.RawMessage
	V  T
}

// MarshalJSON implements json.Marshaler.
func (w WithID[T]) MarshalJSON() ([]byte, error) {
	body, err := safetext.JSON(w.V)
	if err != nil {
		return nil, err
	}
	if len(body) < 2 || body[0] != '{' {
		return nil, fmt.Errorf("put an id before %s: not an object", body)
	}
	out := append([]byte(`{"id":`), w.ID...)
	return append(append(out, ','), body[1:]...), nil
}

// List returns l as a list that is never null in JSON.
func List[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
