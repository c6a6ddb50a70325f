package answer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verbatim/retrieval/corpus"
)

// sieve takes the points of a model one after the other and keeps those that
// pass the guard and fit the limits of an answer. What it has kept it neither
// changes nor gives up, so that it can be shown before the rest has come.
type sieve struct {
	brief Brief
	spans []corpus.Quote
	opt   ModelOptions

	drafted  []DraftPoint // points of the first draft, as they came
	stood    []string     // texts of those that passed the guard
	rejected []Rejected
	left     int          // passed the guard, but need more quotes than there may be
	kept     []DraftPoint // in the answer
	out      Drafted      // numbered over what is kept
}

func newSieve(b Brief, spans []corpus.Quote, opt ModelOptions) *sieve {
	if opt.Quotes <= 0 || opt.Quotes > MaxQuotes {
		opt.Quotes = MaxQuotes
	}
	return &sieve{brief: b, spans: spans, opt: opt}
}

// draftFitting asks for a draft, once more with the better half of the
// sentences where all are too many for the model.
func (s *sieve) draftFitting(ctx context.Context, m Model) (Draft, error) {
	draft, err := s.draft(ctx, m)
	if err == nil || !errors.Is(err, ErrTooLong) || len(s.brief.Sentences) < 4 || len(s.out.Points) > 0 {
		return draft, err
	}
	s.brief.Sentences = s.brief.Sentences[:len(s.brief.Sentences)/2]
	s.reset()
	return s.draft(ctx, m)
}

func (s *sieve) draft(ctx context.Context, m Model) (Draft, error) {
	if streamer, ok := m.(Streamer); ok {
		return streamer.DraftStream(ctx, s.brief, s.take)
	}
	return m.Draft(ctx, s.brief)
}

// reset forgets points that came early and of which none was kept.
func (s *sieve) reset() { s.drafted, s.stood, s.rejected, s.left = nil, nil, nil, 0 }

// take sifts the next point of the first draft.
func (s *sieve) take(p DraftPoint) {
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

func (s *sieve) check(p DraftPoint) (clean DraftPoint, reason string) {
	clean, reason = CleanPoint(p)
	if reason == "" {
		_, reason = Guard(s.brief.Question, clean, s.brief.Sentences)
	}
	return clean, reason
}

// settle takes the points of the whole draft that did not come early. It
// returns false where points were kept that are not in it.
func (s *sieve) settle(draft Draft) bool {
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

func samePoint(a, b DraftPoint) bool {
	return a.Text == b.Text && slices.Equal(a.Sentences, b.Sentences)
}

// repair gives the rejected points back to the model, and takes what comes of
// them only when all of it has come. Where that fails, what stands stands.
func (s *sieve) repair(ctx context.Context, m Model) {
	s.out.Dropped = len(s.rejected)
	s.brief.Repair = s.rejected
	second, err := m.Draft(ctx, s.brief)
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
func (s *sieve) keep(p DraftPoint) {
	if slices.Contains(s.stood, p.Text) {
		return
	}
	s.stood = append(s.stood, p.Text)
	p.Sentences = s.fit(p.Sentences)
	if ok, _ := Guard(s.brief.Question, p, s.brief.Sentences); !ok {
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
func (s *sieve) number() {
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
func (s *sieve) fit(numbers []int) []int {
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
func (s *sieve) finish() {
	if s.left > 0 {
		s.out.Notes = append(s.out.Notes, fmt.Sprintf("%d more of the model's points needed more than %d quotes, or more than %d of one article.",
			s.left, s.opt.Quotes, maxPerArticle))
	}
}
