package draft

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"verbatim/answer/guard"
)

// draftFilter takes the points of a model one after the other and keeps those
// that pass the guard and fit the limit of sentences. What it has kept it
// neither changes nor gives up, so that it can be shown before the rest has
// come.
type draftFilter struct {
	brief     Brief
	sentences []guard.Sentence // of the brief
	onPoints  func([]guard.Point)

	drafted  []guard.Point // points of the first draft, as they came
	stood    []string      // texts of those that passed the guard
	rejected []Rejected
	left     int // passed the guard, but need more sentences than there may be
	kept     []keptPoint
	out      Written
}

// keptPoint is a point of the answer with its index in the draft.
type keptPoint struct {
	guard.Point
	index int
}

func newFilter(b Brief, onPoints func([]guard.Point)) *draftFilter {
	f := &draftFilter{brief: b, onPoints: onPoints}
	f.show(b.Sentences)
	return f
}

func (f *draftFilter) show(sentences []Sentence) {
	f.brief.Sentences, f.sentences = sentences, nil
	for _, s := range sentences {
		f.sentences = append(f.sentences, s.Sentence)
	}
}

// draft asks for a draft. If the prompt does not fit the model, it asks once
// more with the better half of the sentences; if the answer cannot be read, it
// asks once more for the form.
func (f *draftFilter) draft(ctx context.Context, ask drafter) (Draft, error) {
	draft, err := f.ask(ctx, ask, f.take)
	if err == nil || len(f.kept) > 0 {
		return draft, err
	}
	switch {
	case errors.Is(err, ErrContextLength) && len(f.sentences) >= 4:
		f.show(f.brief.Sentences[:len(f.sentences)/2])
	case errors.Is(err, ErrDraft):
		f.brief.Unreadable = true
	default:
		return draft, err
	}
	f.reset()
	return f.ask(ctx, ask, f.take)
}

func (f *draftFilter) ask(ctx context.Context, ask drafter, point func(guard.Point)) (Draft, error) {
	draft, err := ask(ctx, f.brief, point)
	f.out.Tokens.add(draft.Tokens)
	return draft, err
}

// reset forgets points that came early and of which none was kept.
func (f *draftFilter) reset() { f.drafted, f.stood, f.rejected, f.left = nil, nil, nil, 0 }

// take checks the next point of the first draft.
func (f *draftFilter) take(p guard.Point) {
	if len(f.drafted) == MaxPoints {
		return
	}
	index := len(f.drafted)
	f.drafted = append(f.drafted, p)
	clean, reason := f.check(p)
	if reason != "" {
		f.rejected = append(f.rejected, Rejected{Point: p, Reason: reason, index: index})
		return
	}
	f.keep(clean, index)
}

func (f *draftFilter) check(p guard.Point) (clean guard.Point, reason string) {
	clean, reason = guard.Clean(p)
	if reason == "" {
		_, reason = guard.Check(f.brief.Question, clean, f.sentences)
	}
	return clean, reason
}

// settle takes the points of the whole draft that did not come early. It
// returns false if points were kept that are not in it.
func (f *draftFilter) settle(draft Draft) bool {
	points := draft.Points
	if draft.Verdict != Answered {
		points = nil
	}
	early := len(f.drafted)
	if early > len(points) || !slices.EqualFunc(f.drafted, points[:early], samePoint) {
		if len(f.kept) > 0 {
			return false
		}
		f.reset()
		early = 0
	}
	for _, p := range points[early:] {
		f.take(p)
	}
	return true
}

func samePoint(a, b guard.Point) bool {
	return a.Text == b.Text && slices.Equal(a.Sentences, b.Sentences)
}

// repair gives the rejected points back to the model, and takes what comes of
// them only when all of it has come. A point of the second draft takes the
// place of the first rejected one with a sentence in common. If the call fails,
// what stands stands.
func (f *draftFilter) repair(ctx context.Context, ask drafter) {
	f.brief.Repair = f.rejected
	second, err := f.ask(ctx, ask, nil)
	if err != nil {
		return
	}
	for _, p := range second.Points[:min(len(second.Points), MaxPoints)] {
		clean, reason := f.check(p)
		if reason != "" || len(f.stood) == MaxPoints || slices.Contains(f.stood, clean.Text) {
			continue
		}
		index := len(f.drafted)
		at := slices.IndexFunc(f.rejected, func(r Rejected) bool {
			return slices.ContainsFunc(r.Point.Sentences, func(n int) bool { return slices.Contains(clean.Sentences, n) })
		})
		if at >= 0 {
			index = f.rejected[at].index
			f.rejected = slices.Delete(slices.Clone(f.rejected), at, at+1)
		}
		f.keep(clean, index)
	}
}

// keep adds a point that passed the guard to the answer. One that is there
// already adds nothing; one that the limit leaves with too few of its sentences
// is left out.
func (f *draftFilter) keep(p guard.Point, index int) {
	if slices.Contains(f.stood, p.Text) {
		return
	}
	f.stood = append(f.stood, p.Text)
	p.Sentences = f.fit(p.Sentences)
	if ok, _ := guard.Check(f.brief.Question, p, f.sentences); !ok {
		f.left++
		return
	}
	f.add(p, index)
	if f.onPoints != nil {
		f.onPoints(f.points())
	}
}

func (f *draftFilter) add(p guard.Point, index int) {
	f.kept = append(f.kept, keptPoint{Point: p, index: index})
	for _, n := range p.Sentences {
		if !slices.Contains(f.out.Sentences, n) {
			f.out.Sentences = append(f.out.Sentences, n)
		}
	}
}

// points returns copies of the points that are kept.
func (f *draftFilter) points() []guard.Point {
	out := make([]guard.Point, len(f.kept))
	for i, p := range f.kept {
		out[i] = guard.Point{Text: p.Text, Sentences: slices.Clone(p.Sentences)}
	}
	return out
}

// fit returns those of the sentence numbers that are there and may be shown
// beside what is selected already.
func (f *draftFilter) fit(numbers []int) []int {
	var out []int
	selected := len(f.out.Sentences)
	for _, n := range numbers {
		if n < 1 || n > len(f.sentences) || slices.Contains(out, n) {
			continue
		}
		if !slices.Contains(f.out.Sentences, n) {
			if selected == f.brief.most() {
				continue
			}
			selected++
		}
		out = append(out, n)
	}
	return out
}

// finish puts the sentences of rejected points in the place of their wording,
// adds selected sentences that no point names, and orders the points as they
// were drafted.
func (f *draftFilter) finish(draft Draft) {
	if draft.Verdict != Answered {
		f.out.Sentences = f.fit(draft.Sentences)
		for _, p := range draft.Points {
			f.out.Sentences = append(f.out.Sentences, f.fresh(p.Sentences)...)
		}
		return
	}
	for _, r := range f.rejected {
		f.out.Replaced++
		f.quote(f.fresh(r.Point.Sentences), r.index)
	}
	for i, n := range draft.Sentences {
		f.quote(f.fresh([]int{n}), len(f.drafted)+1+i)
	}
	slices.SortStableFunc(f.kept, func(a, b keptPoint) int { return cmp.Compare(a.index, b.index) })
	f.out.Points = f.points()
	if f.left > 0 {
		f.out.Notes = append(f.out.Notes, fmt.Sprintf("%d more of the model's points needed more than %d quotes.", f.left, f.brief.most()))
	}
}

// fresh returns those of the numbers that fit and are not selected yet.
func (f *draftFilter) fresh(numbers []int) []int {
	return slices.DeleteFunc(f.fit(numbers), func(n int) bool { return slices.Contains(f.out.Sentences, n) })
}

// quote adds a point that is the text of sentences, if there are any.
func (f *draftFilter) quote(numbers []int, index int) {
	if len(numbers) == 0 {
		return
	}
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = f.sentences[n-1].Text
	}
	f.add(guard.Point{Text: strings.Join(texts, " "), Sentences: numbers}, index)
}
