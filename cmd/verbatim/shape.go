package main

import (
	"encoding/json"
	"math"
	"time"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

// The JSON objects that the commands print. Lists are never null.

type quoteJSON struct {
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

type pointJSON struct {
	Text   string `json:"text"`
	Quotes []int  `json:"quotes"`
}

type disagreementJSON struct {
	About  string      `json:"about"`
	Values []valueJSON `json:"values"`
}

type valueJSON struct {
	Value  string `json:"value"`
	Quotes []int  `json:"quotes"`
}

type sourcesJSON struct {
	Articles    int `json:"articles"`
	Independent int `json:"independent"`
}

type searchedJSON struct {
	Articles int         `json:"articles"`
	From     corpus.Date `json:"from"`
	To       corpus.Date `json:"to"`
}

type askJSON struct {
	Question      string             `json:"question"`
	Asked         string             `json:"asked,omitempty"` // as put, where question was rewritten
	Status        answer.Status      `json:"status"`
	Mode          answer.Mode        `json:"mode"`
	Answer        string             `json:"answer"`
	Points        []pointJSON        `json:"points"`
	Quotes        []quoteJSON        `json:"quotes"`
	Disagreements []disagreementJSON `json:"disagreements"`
	Sources       sourcesJSON        `json:"sources"`
	Searched      searchedJSON       `json:"searched"`
	Nearest       []quoteJSON        `json:"nearest"`
	Notes         []string           `json:"notes"`
	Dropped       int                `json:"dropped"`
	TookMS        float64            `json:"took_ms"`
}

type hitJSON struct {
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

type searchJSON struct {
	Query    string       `json:"query"`
	Hits     []hitJSON    `json:"hits"`
	Searched searchedJSON `json:"searched"`
	Notes    []string     `json:"notes"`
}

type findJSON struct {
	Words   string      `json:"words"`
	Matches []quoteJSON `json:"matches"`
	Notes   []string    `json:"notes"`
}

type articleJSON struct {
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

type articlesJSON struct {
	Articles []articleJSON `json:"articles"`
	Notes    []string      `json:"notes"`
}

type sourceJSON struct {
	articleJSON
	Author    string        `json:"author"`
	Place     string        `json:"place"`
	Language  string        `json:"language"`
	Body      string        `json:"body"`
	Furniture []corpus.Mark `json:"furniture"`
	Around    *aroundJSON   `json:"around,omitempty"`
	Notes     []string      `json:"notes"`
}

// aroundJSON is a quote with the sentence before and the one after it.
type aroundJSON struct {
	Ref    string `json:"ref"`
	Before string `json:"before"`
	Text   string `json:"text"`
	After  string `json:"after"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

func newQuoteJSON(q corpus.Quote, n int) quoteJSON {
	a, s := q.Article(), q.Span()
	return quoteJSON{
		N: n, Ref: q.Ref().String(), Text: q.Text(), Article: a.ID, Source: a.Source,
		Outlet: a.Outlet, Agency: a.Agency, Title: a.Title,
		Published: a.Published, Basis: a.Basis, URL: a.URL, Start: s.Start, End: s.End,
	}
}

func newQuotesJSON(quotes []answer.Quote, explain bool) []quoteJSON {
	out := make([]quoteJSON, len(quotes))
	for i, q := range quotes {
		n := q.N
		if n == 0 {
			n = i + 1
		}
		if out[i] = newQuoteJSON(q.Quote, n); explain {
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

func newAskJSON(a *answer.Answer, explain bool) askJSON {
	out := askJSON{
		Question: a.Question, Asked: a.Asked, Status: a.Status, Mode: a.Mode, Answer: a.Text,
		Points:        make([]pointJSON, len(a.Points)),
		Quotes:        newQuotesJSON(a.Quotes, explain),
		Disagreements: []disagreementJSON{},
		Sources:       sourcesJSON(a.Sources),
		Searched:      searchedJSON(a.Searched),
		Nearest:       newQuotesJSON(a.Nearest, explain),
		Notes:         list(a.Notes),
		Dropped:       a.Dropped,
		TookMS:        milliseconds(a.Took),
	}
	for i, p := range a.Points {
		out.Points[i] = pointJSON{Text: p.Text, Quotes: list(p.Quotes)}
	}
	return out
}

func newSearchJSON(r *answer.SearchResult, explain bool) searchJSON {
	out := searchJSON{Query: r.Query, Hits: make([]hitJSON, len(r.Hits)), Searched: searchedJSON(r.Searched), Notes: list(r.Notes)}
	for i, h := range r.Hits {
		a, s := h.Quote.Article(), h.Quote.Span()
		out.Hits[i] = hitJSON{
			Rank: h.Rank, Ref: h.Quote.Ref().String(), Article: a.ID, Source: a.Source,
			Outlet: a.Outlet, Agency: a.Agency, Title: a.Title, Published: a.Published,
			Score: h.Score, Start: s.Start, End: s.End, Text: h.Quote.Text(), Copies: list(h.Copies),
		}
		if explain {
			out.Hits[i].Features = features(h.Features)
		}
	}
	return out
}

func newArticleJSON(i *corpus.Info) articleJSON {
	return articleJSON{
		ID: i.ID, Source: i.Source, Outlet: i.Outlet, Agency: i.Agency, Title: i.Title,
		Published: i.Published, Basis: i.Basis, URL: i.URL, Bytes: i.Bytes, Passages: i.Passages,
	}
}

// milliseconds returns d in milliseconds, to a hundredth.
func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d.Microseconds())/10) / 100
}

// withID puts the id of a batch line before the fields of an object.
type withID[T any] struct {
	ID json.RawMessage
	V  T
}

// MarshalJSON writes the id as the first field of V's object.
func (w withID[T]) MarshalJSON() ([]byte, error) {
	body, err := safetext.JSON(w.V)
	if err != nil {
		return nil, err
	}
	out := append([]byte(`{"id":`), w.ID...)
	return append(append(out, ','), body[1:]...), nil
}
