package api

import (
	"encoding/json"
	"math"
	"time"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

// The JSON objects that the commands print. Lists are never null.

type Quote struct {
	N         int                `json:"n"`
	Ref       string             `json:"ref"`
	Text      string             `json:"text"`
	Article   string             `json:"article"`
	Source    string             `json:"source"`
	Outlet    string             `json:"outlet"`
	Agency    string             `json:"agency"`
	Title     string             `json:"title"`
	Published corpus.Date        `json:"published"`
	Basis     corpus.Basis       `json:"published_basis"`
	URL       string             `json:"url"`
	Start     int                `json:"start"`
	End       int                `json:"end"`
	Features  map[string]float64 `json:"features,omitempty"`
}

type Point struct {
	Text   string `json:"text"`
	Quotes []int  `json:"quotes"`
}

type Disagreement struct {
	About  string  `json:"about"`
	Values []Value `json:"values"`
}

type Value struct {
	Value  string `json:"value"`
	Quotes []int  `json:"quotes"`
}

type Sources struct {
	Articles    int `json:"articles"`
	Independent int `json:"independent"`
}

type Searched struct {
	Articles int         `json:"articles"`
	From     corpus.Date `json:"from"`
	To       corpus.Date `json:"to"`
}

type Answer struct {
	Question      string         `json:"question"`
	Asked         string         `json:"asked,omitempty"` // as put, where question was rewritten
	Status        answer.Status  `json:"status"`
	Mode          answer.Mode    `json:"mode"`
	Answer        string         `json:"answer"`
	Points        []Point        `json:"points"`
	Quotes        []Quote        `json:"quotes"`
	Disagreements []Disagreement `json:"disagreements"`
	Sources       Sources        `json:"sources"`
	Searched      Searched       `json:"searched"`
	Nearest       []Quote        `json:"nearest"`
	Notes         []string       `json:"notes"`
	Dropped       int            `json:"dropped"`
	TookMS        float64        `json:"took_ms"`
}

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
	Copies    []string           `json:"copies"`
	Features  map[string]float64 `json:"features,omitempty"`
}

type Search struct {
	Query    string   `json:"query"`
	Hits     []Hit    `json:"hits"`
	Searched Searched `json:"searched"`
	Notes    []string `json:"notes"`
}

type Matches struct {
	Words   string   `json:"words"`
	Matches []Quote  `json:"matches"`
	Notes   []string `json:"notes"`
}

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

type Articles struct {
	Articles []Article `json:"articles"`
	Notes    []string  `json:"notes"`
}

type Source struct {
	Article
	Author    string        `json:"author"`
	Place     string        `json:"place"`
	Language  string        `json:"language"`
	Body      string        `json:"body"`
	Furniture []corpus.Mark `json:"furniture"`
	Around    *Around       `json:"around,omitempty"`
	Notes     []string      `json:"notes"`
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

func newQuote(q corpus.Quote, n int) Quote {
	a, s := q.Article(), q.Span()
	return Quote{
		N: n, Ref: q.Ref().String(), Text: q.Text(), Article: a.ID, Source: a.Source,
		Outlet: a.Outlet, Agency: a.Agency, Title: a.Title,
		Published: a.Published, Basis: a.Basis, URL: a.URL, Start: s.Start, End: s.End,
	}
}

func NewQuotes(quotes []answer.Quote, explain bool) []Quote {
	out := make([]Quote, len(quotes))
	for i, q := range quotes {
		n := q.N
		if n == 0 {
			n = i + 1
		}
		if out[i] = newQuote(q.Quote, n); explain {
			out[i].Features = features(q.Features)
		}
	}
	return out
}

// features leaves out what adds nothing, and keeps an empty map apart from
// none: with --explain each quote has one.
func features(f map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(f))
	for name, v := range f {
		if v != 0 && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[name] = v
		}
	}
	return out
}

func NewAnswer(a *answer.Answer, explain bool) Answer {
	out := Answer{
		Question: a.Question, Asked: a.Asked, Status: a.Status, Mode: a.Mode, Answer: a.Text,
		Points:        make([]Point, len(a.Points)),
		Quotes:        NewQuotes(a.Quotes, explain),
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
	return out
}

func NewSearch(r *answer.SearchResult, explain bool) Search {
	out := Search{Query: r.Query, Hits: make([]Hit, len(r.Hits)), Searched: Searched(r.Searched), Notes: List(r.Notes)}
	for i, h := range r.Hits {
		a, s := h.Quote.Article(), h.Quote.Span()
		out.Hits[i] = Hit{
			Rank: h.Rank, Ref: h.Quote.Ref().String(), Article: a.ID, Source: a.Source,
			Outlet: a.Outlet, Agency: a.Agency, Title: a.Title, Published: a.Published,
			Score: h.Score, Start: s.Start, End: s.End, Text: h.Quote.Text(), Copies: List(h.Copies),
		}
		if explain {
			out.Hits[i].Features = features(h.Features)
		}
	}
	return out
}

func NewArticle(i *corpus.Info) Article {
	return Article{
		ID: i.ID, Source: i.Source, Outlet: i.Outlet, Agency: i.Agency, Title: i.Title,
		Published: i.Published, Basis: i.Basis, URL: i.URL, Bytes: i.Bytes, Passages: i.Passages,
	}
}

// Milliseconds returns d in Milliseconds, to a hundredth.
func Milliseconds(d time.Duration) float64 {
	return math.Round(float64(d.Microseconds())/10) / 100
}

// WithID puts the id of a batch line before the fields of an object.
type WithID[T any] struct {
	ID json.RawMessage
	V  T
}

// MarshalJSON writes the id as the first field of V's object.
func (w WithID[T]) MarshalJSON() ([]byte, error) {
	body, err := safetext.JSON(w.V)
	if err != nil {
		return nil, err
	}
	out := append([]byte(`{"id":`), w.ID...)
	return append(append(out, ','), body[1:]...), nil
}

func NewSource(a *corpus.Article, around answer.Around, notes []string) Source {
	out := Source{
		Article: NewArticle(&a.Info), Author: a.Author, Place: a.Place, Language: a.Language,
		Body: a.Body, Furniture: List(a.Furniture), Notes: List(notes),
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

// List returns l as a list that is never null in JSON.
func List[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
