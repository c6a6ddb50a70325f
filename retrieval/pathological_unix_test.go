//go:build unix

package retrieval_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// pathological are texts that are made to be expensive, of about n bytes. None
// of them may cost more than about in proportion to its size.
var pathological = []struct {
	name string
	text func(n int) string
}{
	{"one word", func(n int) string { return strings.Repeat("a", n) }},
	{"one sentence", repeat("the river rose above the bridge and the council met again ")},
	{"full stops", repeat("a. ")},
	{"quotation marks", repeat("“a” “b ")},
	{"dates", repeat("On Monday, July 4, 2021, ")},
	{"initials", repeat("U.S. Army Gen. A. B. Smith ")},
	{"combining marks", repeat("a\u0301\u0301\u0301\u0301 ")},
	{"new words", func(n int) string {
		return numbered(n, "Word%[1]d and name%[1]d came to town%[1]d in the rain. ")
	}},
	{"short lines", func(n int) string { return numbered(n, "Dam %[1]d broke.\n") }},
	{"short paragraphs", repeat("The dam.\n\n")},
	{"furniture", func(n int) string {
		return numbered(n, "The dam number %[1]d broke at night.\n\nRead more: Flood %[1]d in pictures\n\n")
	}},
	{"long title", func(n int) string {
		return numbered(n, "Word%[1]d came to the town in the rain and left it on the same day. ")
	}},
}

func repeat(s string) func(n int) string {
	return func(n int) string { return strings.Repeat(s, n/len(s)) }
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// BenchmarkPathological ingests and searches each text and one of twice its
// size. x/time and x/memory are the ratios of what the two cost: about 2 if the
// cost grows with the size, 4 if with its square.
func BenchmarkPathological(b *testing.B) {
	const size = 500_000
	for _, p := range pathological {
		b.Run(strings.ReplaceAll(p.name, " ", "-"), func(b *testing.B) {
			var once, twice cost
			for b.Loop() {
				once.add(b, p.name, p.text(size))
				twice.add(b, p.name, p.text(2*size))
			}
			b.ReportMetric(float64(twice.time)/float64(once.time), "x/time")
			b.ReportMetric(float64(twice.bytes)/float64(once.bytes), "x/memory")
			b.ReportMetric(float64(twice.bytes)/float64(2*size*b.N), "B/B")
			b.ReportMetric(float64(twice.search)/float64(once.search), "x/search")
		})
	}
}

type cost struct {
	time, search time.Duration
	bytes        uint64 // allocated
}

func (c *cost) add(b *testing.B, name, text string) {
	item := retrieval.Item{Source: name, Raw: []byte(text)}
	if name == "long title" {
		item.Given = corpus.Given{Title: text[:len(text)/2]}
		item.Raw = []byte(text[len(text)/2:])
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := processorTime(b)
	e, report := ingest(b, item)
	c.time += processorTime(b) - start
	runtime.ReadMemStats(&after)
	c.bytes += after.TotalAlloc - before.TotalAlloc
	if report.Added != 1 {
		b.Fatalf("%s: %+v", name, report)
	}
	start = processorTime(b)
	if _, err := e.Search(b.Context(), retrieval.Query{Text: "Which dam broke in the town on Monday?", K: 10}); err != nil {
		b.Fatal(err)
	}
	c.search += processorTime(b) - start
}

// processorTime is what the process has used so far. Other processes do not
// change it much.
func processorTime(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
