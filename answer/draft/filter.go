package draft

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verbatim/answer/guard"
	"verbatim/retrieval/corpus"
)

// draftFilter takes the points of a model one after the other and keeps those that
// pass the guard and fit the limits of an answer. What it has kept it neither
// changes nor gives up, so that it can be shown before the rest has come.
type draftFilter struct {
	brief Brief
	spans []corpus.Quote
	opt   Options

	drafted  []guard.Point // points of the first draft, as they came
	stood    []string      // texts of those that passed the guard
	rejected []Rejected
	left     int           // passed the guard, but need more quotes than there may be
	kept     []guard.Point // in the answer
	out      Drafted       // numbered over what is kept
}

func newFilter(b Brief, spans []corpus.Quote, opt Options) *draftFilter {
	if opt.Quotes <= 0 || opt.Quotes > maxQuotes {
		opt.Quotes = maxQuotes
	}
	return &draftFilter{brief: b, spans: spans, opt: opt}
}

// draftFitting asks for a draft, once more with the better half of the
// sentences where all are too many for the model.
func (s *draftFilter) draftFitting(ctx context.Context, ask drafter) (Draft, error) {
	draft, err := ask(ctx, s.brief, s.take)
	if err == nil || !errors.Is(err, ErrContextLength) || len(s.brief.Sentences) < 4 || len(s.out.Points) > 0 {
		return draft, err
	}
	s.brief.Sentences = s.brief.Sentences[:len(s.brief.Sentences)/2]
	s.reset()
	return ask(ctx, s.brief, s.take)
}

// reset forgets points that came early and of which none was kept.
func (s *draftFilter) reset() { s.drafted, s.stood, s.rejected, s.left = nil, nil, nil, 0 }

// take checks the next point of the first draft.
func (s *draftFilter) take(p guard.Point) {
	if len(s.drafted) == MaxPoints {
		return
	}
	s.drafted = append(s.drafted, p)
	clean, reason := s.check(p)
	if reason != "" {
		s.rejected = append(s.rejected, Rejected{Point: p, Reason: reason})
		return
	}
	s.keep(clean)
}

func (s *draftFilter) check(p guard.Point) (clean guard.Point, reason string) {
	clean, reason = guard.Clean(p)
	if reason == "" {
		_, reason = guard.Check(s.brief.Question, clean, s.brief.Sentences)
	}
	return clean, reason
}

// complete takes the points of the whole draft that did not come early. It
// returns false where points were kept that are not in it.
func (s *draftFilter) complete(draft Draft) bool {
	points := draft.Points
	if !draft.Answers {
		points = nil
	}
	early := len(s.drafted)
	if early > len(points) || !slices.EqualFunc(s.drafted, points[:early], samePoint) {
		if len(s.out.Points) > 0 {
			return false
		}
		s.reset()
		early = 0
	}
	for _, p := range points[early:] {
		s.take(p)
	}
	return true
}

func samePoint(a, b guard.Point) bool {
	return a.Text == b.Text && slices.Equal(a.Sentences, b.Sentences)
}

// repair gives the rejected points back to the model, and takes what comes of
// them only when all of it has come. Where that fails, what stands stands.
func (s *draftFilter) repair(ctx context.Context, ask drafter) {
	s.out.Dropped = len(s.rejected)
	s.brief.Repair = s.rejected
	second, err := ask(ctx, s.brief, nil)
	s.out.Tokens.In += second.Tokens.In
	s.out.Tokens.Out += second.Tokens.Out
	if err != nil {
		return
	}
	before := len(s.stood)
	for _, p := range second.Points[:min(len(second.Points), MaxPoints)] {
		clean, reason := s.check(p)
		if reason == "" && len(s.stood) < MaxPoints {
			s.keep(clean)
		}
	}
	s.out.Dropped = max(0, len(s.rejected)-(len(s.stood)-before))
}

// keep adds a point that passed the guard to the answer. One that is there
// already adds nothing; one that the limits leave with too few of its sentences
// is left out.
func (s *draftFilter) keep(p guard.Point) {
	if slices.Contains(s.stood, p.Text) {
		return
	}
	s.stood = append(s.stood, p.Text)
	p.Sentences = s.fit(p.Sentences)
	if ok, _ := guard.Check(s.brief.Question, p, s.brief.Sentences); !ok {
		s.left++
		return
	}
	s.kept = append(s.kept, p)
	s.number()
	if s.opt.OnPoints != nil {
		shown := slices.Clone(s.out.Points)
		for i := range shown {
			shown[i].Quotes = slices.Clone(shown[i].Quotes)
		}
		s.opt.OnPoints(shown, slices.Clone(s.out.Chosen))
	}
}

// number orders the quotes of what is kept, and numbers the points over them.
func (s *draftFilter) number() {
	var chosen []int
	for _, p := range s.kept {
		for _, n := range p.Sentences {
			if !slices.Contains(chosen, n-1) {
				chosen = append(chosen, n-1)
			}
		}
	}
	slices.Sort(chosen)
	if s.opt.Order != nil {
		s.opt.Order(chosen)
	}
	s.out.Chosen, s.out.Quotes, s.out.Points = chosen, nil, nil
	for _, i := range chosen {
		s.out.Quotes = append(s.out.Quotes, s.spans[i])
	}
	for _, p := range s.kept {
		point := Point{Text: p.Text}
		for _, n := range p.Sentences {
			point.Quotes = append(point.Quotes, 1+slices.Index(chosen, n-1))
		}
		slices.Sort(point.Quotes)
		s.out.Points = append(s.out.Points, point)
	}
}

// fit returns those of the sentence numbers that may be printed beside what
// is chosen already.
func (s *draftFilter) fit(numbers []int) []int {
	var out []int
	chosen := slices.Clone(s.out.Chosen)
	for _, n := range numbers {
		i := n - 1
		if slices.Contains(out, n) {
			continue
		}
		if !slices.Contains(chosen, i) {
			same := 0
			for _, c := range chosen {
				if s.spans[c].Article().ID == s.spans[i].Article().ID {
					same++
				}
			}
			if len(chosen) == s.opt.Quotes || same == maxPerArticle {
				continue
			}
			chosen = append(chosen, i)
		}
		out = append(out, n)
	}
	return out
}

// finish notes what the limits left out.
func (s *draftFilter) finish() {
	if s.left > 0 {
		s.out.Notes = append(s.out.Notes, fmt.Sprintf("%d more of the model's points needed more than %d quotes, or more than %d of one article.",
			s.left, s.opt.Quotes, maxPerArticle))
	}
}
