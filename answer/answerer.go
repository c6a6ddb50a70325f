package answer

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/answer/rank"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Errors of an Answerer. Test for them with errors.Is.
var (
	ErrQuestion     = errors.New("no question")
	ErrLongQuestion = fmt.Errorf("the question has more than %d characters", MaxQuestion)
	ErrNoModel      = errors.New("no model is configured")
)

// Answerer answers questions. It may be used from many goroutines.
type Answerer struct {
	engine *retrieval.Engine
	model  Model
	mode   Mode // of requests that ask for none
	budget Budget
	log    *slog.Logger
	today  func() corpus.Date

	threshold, refuseBelow float64

	completions completions
}

// DefaultThreshold is the confidence, a calibrated probability, from which an
// answer is stated as one, and DefaultRefuse that below which it is said that
// no article answers. Between them quotes are printed as what may not answer.
const (
	DefaultThreshold = 0.575
	DefaultRefuse    = 0.355
)

// Options are what an Answerer is made of. Engine is required.
type Options struct {
	Engine *retrieval.Engine
	Model  Model // nil: extractive
	Mode   Mode  // of requests that ask for none; "" means ModeModel if there is a model
	// Budget, if set, is asked before each call of the model: when it is
	// used up, a call that is under way is still counted.
	Budget Budget
	Log    *slog.Logger
	// Today is what "now" means in a question without a day; nil means that
	// each question must say.
	Today func() corpus.Date
	// Threshold replaces DefaultThreshold if it is not 0: nearer to 1, less is
	// stated as an answer. Refuse replaces DefaultRefuse if it is not nil: 0
	// never refuses a question for which there is something to quote.
	Threshold float64
	Refuse    *float64
}

// New returns an Answerer.
func New(o Options) *Answerer {
	an := &Answerer{engine: o.Engine, model: o.Model, budget: o.Budget, mode: o.Mode, log: o.Log, today: o.Today, threshold: o.Threshold}
	if an.log == nil {
		an.log = slog.New(slog.DiscardHandler)
	}
	if an.today == nil {
		an.today = func() corpus.Date { return "" }
	}
	if an.threshold == 0 {
		an.threshold = DefaultThreshold
	}
	an.refuseBelow = min(DefaultRefuse, an.threshold)
	if o.Refuse != nil {
		an.refuseBelow = *o.Refuse
	}
	return an
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
// articles do not say is not an error.
func (an *Answerer) Ask(ctx context.Context, r Request) (*Answer, error) {
	begin := time.Now()
	text, err := checkQuestion(r.Question)
	if err != nil {
		return nil, err
	}
	if r.Mode == "" {
		r.Mode = an.mode
	}
	if r.Mode == ModeModel && an.model == nil {
		return nil, ErrNoModel
	}
	if r.Quotes <= 0 || r.Quotes > MaxQuotes {
		r.Quotes = MaxQuotes
	}
	an.assume(&r)
	r.Question, r.id = text, rand.Text()
	a := &Answer{Question: text, Mode: ModeExtractive, AsOf: r.AsOf}
	if !an.standAlone(ctx, &r, a) {
		a.Took = time.Since(begin)
		return a, ctx.Err()
	}
	found, err := an.find(ctx, r, a)
	if err != nil {
		return nil, err
	}
	a.Sure = found.Confidence
	if err := an.respond(ctx, r, a, found); err != nil {
		return nil, err
	}
	finish(a)
	a.Took = time.Since(begin)
	return a, ctx.Err()
}

// respond answers by the model if there is one and something to show it, else
// by the sentences that were chosen if the confidence is high enough.
func (an *Answerer) respond(ctx context.Context, r Request, a *Answer, f *rank.Selection) error {
	if len(f.Ranked) > 0 && f.Confidence > hopeless && an.mayUseModel(ctx, r, a) {
		if ok, err := an.byModel(ctx, r, a, f); ok || err != nil {
			return err
		}
	}
	switch {
	case len(f.Chosen) == 0 || f.Confidence < an.refuseBelow:
		an.refuse(a, f, r)
		return nil
	case f.Confidence < an.threshold:
		quotes, err := an.numbered(f, f.Chosen, r)
		if err != nil {
			return err
		}
		unsure(a, quotes)
		if r.Progress != nil {
			r.Progress(Progress{Quotes: a.Quotes})
		}
		return nil
	}
	return an.extractive(r, a, f)
}

// find searches and selects sentences of the best passages.
func (an *Answerer) find(ctx context.Context, r Request, a *Answer) (*rank.Selection, error) {
	searched, notes, err := an.searched(ctx, r.Filter)
	if err != nil {
		return nil, err
	}
	a.Searched = searched
	a.Notes = append(a.Notes, notes...)
	if r.Progress != nil {
		r.Progress(Progress{Searched: &a.Searched})
	}
	res, err := an.engine.Search(ctx, retrieval.Query{Text: cmp.Or(r.search, r.Question), AsOf: r.AsOf, Assumed: r.assumed, Filter: r.Filter, K: rank.ReadPassages, Features: true})
	if err != nil {
		return nil, fmt.Errorf("search for an answer: %w", err)
	}
	a.Notes = append(a.Notes, res.Notes()...)
	return rank.Select(an.engine, res, r.Quotes)
}

// assume fills in the day of asking if none was given.
func (an *Answerer) assume(r *Request) {
	if r.AsOf == "" {
		r.AsOf, r.assumed = cmp.Or(r.Today, an.today()), true
	}
}

// TrainingView returns what Ask would choose from and decide by.
func (an *Answerer) TrainingView(ctx context.Context, r Request) (*rank.TrainingView, error) {
	text, err := checkQuestion(r.Question)
	if err != nil {
		return nil, err
	}
	r.Question, r.Quotes = text, MaxQuotes
	an.assume(&r)
	f, err := an.find(ctx, r, new(Answer))
	if err != nil {
		return nil, err
	}
	return rank.NewTrainingView(f, r.Quotes), nil
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
