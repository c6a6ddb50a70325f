package main

import (
	"fmt"
	"strings"

	"verbatim/internal/eval"
	"verbatim/internal/safetext"
)

// certainty returns the tables of how sure the answerer was, if questions were
// asked that the corpus cannot answer.
func (r evalResult) certainty() ([]eval.Bin, []eval.Trade) {
	if r.silent == nil {
		return []eval.Bin{}, []eval.Trade{}
	}
	return eval.Reliability(r.report, r.silent), eval.Trades(r.report, r.silent)
}

// silence prints what became of the questions that the corpus cannot answer.
func (s *screen) silence(r evalResult) {
	if r.silent == nil {
		return
	}
	s.print(fmt.Sprintf("\n%s that the corpus cannot answer\n\n", plural(r.silent.Questions, "question")))
	for kind, figures := range sortedMap(r.silent.ByType) {
		f := figures[eval.Refused]
		s.print(fmt.Sprintf("%-18s %7.3f %6d   %.3f to %.3f\n", "refused, "+safetext.Line(kind), f.Value, f.N, f.Low, f.High))
	}
	bins, trades := r.certainty()
	s.print(fmt.Sprintf("\n%-18s %7s %12s\n", "sure", "n", "answerable"))
	for _, b := range bins {
		s.print(fmt.Sprintf("%-18s %7d %12.3f\n", fmt.Sprintf("%.1f to %.1f", b.From, b.To), b.N, b.Answerable))
	}
	s.print(fmt.Sprintf("\n%-18s %8s %8s\n", "threshold", "answered", "refused"))
	for _, t := range trades {
		s.print(fmt.Sprintf("%-18.1f %8.3f %8.3f\n", t.Threshold, t.Answered, t.Refused))
	}
}

// ablation prints the figures without each feature.
func (s *screen) ablation(list []eval.Ablation) {
	stage := ""
	for _, a := range list {
		var names, values []string
		for name, v := range sortedMap(a.Figures) {
			names, values = append(names, name), append(values, fmt.Sprintf("%*.3f", len(name), v))
		}
		if a.Stage != stage {
			stage = a.Stage
			s.print(fmt.Sprintf("\n%-24s %s\n", stage+", without", strings.Join(names, " ")))
		}
		name := a.Without
		if name == "" {
			name = "(nothing)"
		}
		s.print(fmt.Sprintf("%-24s %s\n", name, strings.Join(values, " ")))
	}
}
