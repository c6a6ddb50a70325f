package eval

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	answerrank "verbatim/answer/rank"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
)

// dumped is a question in a dump: what training scripts read.
type dumped struct {
	File       string             `json:"file"`
	ID         string             `json:"id"`
	Type       string             `json:"type"`
	Kind       string             `json:"kind"`  // of Type, or what an unanswerable question asks for
	Asks       query.Kind         `json:"asks"`  // as the question was parsed
	Story      string             `json:"story"` // the unit of a bootstrap
	Asked      corpus.Date        `json:"asked"`
	Question   string             `json:"question"`
	Answers    []string           `json:"answers"`
	Answerable bool               `json:"answerable"`
	Sure       float64            `json:"sure"`
	Silence    map[string]float64 `json:"silence"`
	// Names are the features of a sentence. Features holds their values as
	// little-endian float32 in base64, one row a sentence.
	Names     []string         `json:"names"`
	Features  string           `json:"features"`
	Sentences []dumpedSentence `json:"sentences"`
	WordNames []string         `json:"word_names"`
	WordRows  string           `json:"word_features"` // like Features, one row a word
	Words     []dumpedWord     `json:"words"`
}

// dumpedSentence is a candidate sentence. Spans are bytes of the article's
// body; an empty one is [0, 0].
type dumpedSentence struct {
	Article   string      `json:"article"`
	Title     string      `json:"title"`
	Published corpus.Date `json:"published"`
	Span      [2]int      `json:"span"` // as quoted
	Own       [2]int      `json:"own"`
	Before    [2]int      `json:"before"`
	After     [2]int      `json:"after"`
	Index     int         `json:"index"`   // in the article
	Passage   int         `json:"passage"` // rank of its passage
	Score     float64     `json:"score"`
	Text      string      `json:"text"`
	OwnText   string      `json:"own_text"`
	Previous  string      `json:"previous"`
	Next      string      `json:"next"`
	Has       bool        `json:"has"`       // the quote holds an answer
	HasOwn    bool        `json:"has_own"`   // the sentence alone does
	Right     bool        `json:"right"`     // or overlaps an evidence quote
	RightOwn  bool        `json:"right_own"` // the same of the sentence alone
}

// dumpedWord is a word that may be the answer.
type dumpedWord struct {
	Text  string `json:"text"`
	In    []int  `json:"in"`    // sentences that hold it
	Right bool   `json:"right"` // stands in an answer, and in a sentence that holds it
}

// Dump returns what writes each question with its candidates to w, one JSON
// object a line.
func Dump(w io.Writer) func(pair string, o Outcome, p *answerrank.TrainingView) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(pair string, o Outcome, p *answerrank.TrainingView) error {
		if err := enc.Encode(dumpOf(pair, o, p)); err != nil {
			return fmt.Errorf("write the dump of question %s: %w", o.Question.ID, err)
		}
		return nil
	}
}

func dumpOf(pair string, o Outcome, p *answerrank.TrainingView) dumped {
	q := o.Question
	d := dumped{
		File: pair, ID: q.ID, Type: q.Type, Kind: q.kind(), Asks: p.Question().Kind, Story: q.story(), Asked: q.Asked, Question: q.Question,
		Answers: q.Answers, Answerable: q.Answerable(), Sure: p.Confidence(),
		Silence: make(map[string]float64), Sentences: []dumpedSentence{}, Words: []dumpedWord{},
	}
	answers := foldAll(q.Answers)
	silence := p.Features()
	for i, name := range silence.Names {
		d.Silence[name] = silence.Values[i]
	}
	at := make(map[corpus.Ref]int)
	var rows [][]float64
	for i, s := range p.Ranked() {
		at[s.Quote.Ref()] = i
		d.Names = s.Features.Names
		rows = append(rows, s.Features.Values)
		a := s.Quote.Article()
		own, text := a.Body[s.Own.Start:s.Own.End], s.Quote.Text()
		x := dumpedSentence{
			Article: a.ID, Title: a.Title, Published: a.Published, Span: ends(s.Quote.Span()), Own: ends(s.Own), Before: ends(s.Before), After: ends(s.After),
			Index: s.Index, Passage: s.Passage, Score: s.Score, Text: text, OwnText: own,
			Previous: a.Body[s.Before.Start:s.Before.End], Next: a.Body[s.After.Start:s.After.End],
			Has: contains(text, answers), HasOwn: contains(own, answers),
		}
		x.Right, x.RightOwn = x.Has || q.onPoint(text), x.HasOwn || q.onPoint(own)
		d.Sentences = append(d.Sentences, x)
	}
	d.Features = pack(rows)
	d.words(p, at, q)
	return d
}

func (d *dumped) words(p *answerrank.TrainingView, at map[corpus.Ref]int, q Question) {
	answers, tokens := foldAll(q.Answers), tokensOf(q.Answers)
	var rows [][]float64
	for _, w := range p.RankedWords() {
		x := dumpedWord{Text: w.Text, In: []int{}}
		for _, quote := range w.In {
			if i, ok := at[quote.Ref()]; ok {
				x.In = append(x.In, i)
			}
		}
		x.Right = tokens[w.Text] && slices.ContainsFunc(w.In, func(q corpus.Quote) bool { return contains(q.Text(), answers) })
		d.WordNames = w.Features.Names
		rows = append(rows, w.Features.Values)
		d.Words = append(d.Words, x)
	}
	d.WordRows = pack(rows)
}

func ends(s corpus.Span) [2]int { return [2]int{s.Start, s.End} }

func pack(rows [][]float64) string {
	var b []byte
	for _, r := range rows {
		for _, x := range r {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
		}
	}
	return base64.StdEncoding.EncodeToString(b)
}
