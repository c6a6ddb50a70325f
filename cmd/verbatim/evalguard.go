package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"verbatim/internal/eval"
	"verbatim/internal/safetext"
)

// evalGuard measures the guard on the points of a file.
func (p *program) evalGuard(o evalOptions) error {
	f, err := os.Open(o.guard)
	if err != nil {
		return usagef("read the points: %w", err)
	}
	defer f.Close()
	points, err := eval.ReadGuardPoints(f)
	if err != nil {
		return usagef("%s: %w", o.guard, err)
	}
	report, outcomes := eval.RunGuard(points)
	if p.flags.json {
		return p.printEval(evalResult{report: report}, 0)
	}
	s := p.newScreen(p.stdout)
	s.print(plural(len(points), "point") + "\n\n")
	s.guardFigures("all", report.Figures)
	for _, kind := range slices.Sorted(maps.Keys(report.ByType)) {
		s.guardFigures(kind, report.ByType[kind])
	}
	shown := 0
	for _, x := range outcomes {
		if x.Kept == x.Right || shown == o.failures {
			continue
		}
		shown++
		what := "stopped: " + x.Reason
		if x.Kept {
			what = "kept, but wrong"
		}
		s.print(fmt.Sprintf("\n%s (%s)\n  %s\n", safetext.Line(x.Kind), what, safetext.Line(x.Point)))
	}
	return s.err
}

// guardFigures prints a line of the table.
func (s *screen) guardFigures(name string, figures map[string]eval.Figure) {
	line := fmt.Sprintf("%-24s", safetext.Line(name))
	for _, f := range []struct{ name, what string }{{eval.GuardKept, "right kept"}, {eval.GuardStopped, "wrong stopped"}} {
		if x, ok := figures[f.name]; ok {
			line += fmt.Sprintf("  %s %.2f of %d (%.2f to %.2f)", f.what, x.Value, x.N, x.Low, x.High)
		}
	}
	s.print(line + "\n")
}
