package answer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Errors of the desk. Test for them with errors.Is.
var (
	ErrQuestion     = errors.New("no question")
	ErrLongQuestion = fmt.Errorf("the question has more than %d characters", MaxQuestion)
	ErrNoModel      = errors.New("no model is configured")
)

// Desk answers questions. It may be used from many goroutines.
type Desk struct {
	engine    *retrieval.Engine
	model     Model
	budget    Budget
	log       *slog.Logger
	today     func() corpus.Date
	threshold float64
}

// DefaultThreshold is how sure the desk must be that the articles say,
// as a calibrated probability, to answer rather than to refuse.
const DefaultThreshold = 0.35

// Options are what a desk is made of. Engine is required.
type Options struct {
	Engine *retrieval.Engine
	Model  Model // nil: extractive
	// Budget, where set, is asked before each call of the model: when it is
	// used up, a call that is under way is still counted.
	Budget Budget
	Log    *slog.Logger
	// Today is what "now" means in a question without a day; nil means that
	// each question must say.
	Today func() corpus.Date
	// Threshold replaces DefaultThreshold, where it is not 0: nearer to 1
	// refuses more, nearer to 0 less.
	Threshold float64
}

// Budget limits and counts what a model may read and write. It may be called
// from many goroutines.
type Budget interface {
	// Allow reports whether server may use the model now.
	Allow(ctx context.Context, server string) (bool, error)
	// Spend counts the tokens of a call that was made for a question, which is
	// named by an id and never by its words.
	Spend(ctx context.Context, server, question string, t Tokens) error
}

// New returns a desk.
func New(o Options) *Desk {
	d := &Desk{engine: o.Engine, model: o.Model, budget: o.Budget, log: o.Log, today: o.Today, threshold: o.Threshold}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.today == nil {
		d.today = func() corpus.Date { return "" }
	}
	if d.threshold == 0 {
		d.threshold = DefaultThreshold
	}
	return d
}

// checkQuestion returns the question without space around it, or
// ErrQuestion or ErrLongQuestion.
func checkQuestion(text string) (string, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if text == "" {
		return "", ErrQuestion
	}
	if utf8.RuneCountInString(text) > MaxQuestion {
		return "", ErrLongQuestion
	}
	return text, nil
}

// Ask answers a question. ErrQuestion and ErrLongQuestion are the asker's fault,
// ErrNoModel that of a request for ModeModel without a model; that the
// articles do not say is no error.
func (d *Desk) Ask(ctx context.Context, r Request) (*Answer, error) {
	begin := time.Now()
	text, err := checkQuestion(r.Question)
	if err != nil {
		return nil, err
	}
	if r.Mode == ModeModel && d.model == nil {
		return nil, ErrNoModel
	}
	if r.Quotes <= 0 || r.Quotes > MaxQuotes {
		r.Quotes = MaxQuotes
	}
	if r.AsOf == "" {
		r.AsOf = d.today()
	}
	r.Question, r.id = text, rand.Text()
	a := &Answer{Question: text, Mode: ModeExtractive, AsOf: r.AsOf}
	d.standAlone(ctx, &r, a)
	found, err := d.find(ctx, r, a)
	if err != nil {
		return nil, err
	}
	a.Sure = found.sure
	if !found.answers {
		d.refuse(a, found, r)
	} else if err := d.write(ctx, r, a, found); err != nil {
		return nil, err
	}
	finish(a)
	a.Took = time.Since(begin)
	return a, ctx.Err()
}

// finding is what the articles hold on a question.
type finding struct {
	result  *retrieval.Result
	reader  *reader      // nil where nothing was found
	ranked  []*sentence  // best first
	words   []*candidate // that may be the answer, likeliest first
	chosen  []*sentence  // to be quoted, in order
	answers bool
	sure    float64 // probability that the articles say
}

// find searches, ranks the sentences of the best passages and decides
// whether they answer.
func (d *Desk) find(ctx context.Context, r Request, a *Answer) (*finding, error) {
	searched, notes, err := d.searched(ctx, r.Filter)
	if err != nil {
		return nil, err
	}
	a.Searched = searched
	a.Notes = append(a.Notes, notes...)
	if r.Progress != nil {
		r.Progress(Progress{Searched: &a.Searched})
	}
	res, err := d.engine.Search(ctx, retrieval.Query{Text: r.Question, AsOf: r.AsOf, Filter: r.Filter, K: readPassages, Features: true})
	if err != nil {
		return nil, fmt.Errorf("search for an answer: %w", err)
	}
	if res.Degraded != "" {
		a.Notes = append(a.Notes, res.Degraded)
	}
	f := &finding{result: res}
	if len(res.Question.Terms) == 0 || len(res.Hits) == 0 {
		return f, nil
	}
	f.reader = d.read(res)
	f.ranked, f.words = f.reader.rank(d.engine.Weights())
	f.chosen = choose(res.Question, f.ranked, r.Quotes)
	f.sure = d.certainty(res, f)
	f.answers = len(f.chosen) > 0 && f.sure >= d.threshold
	return f, nil
}

// finish counts the articles behind the printed quotes.
func finish(a *Answer) {
	articles, bodies := make(map[string]bool), make(map[string]bool)
	for _, q := range a.Quotes {
		bare, _ := corpus.SplitID(q.Article().ID)
		articles[bare], bodies[q.Article().BodyHash] = true, true
	}
	a.Sources = Sources{Articles: len(articles), Independent: len(bodies)}
}
