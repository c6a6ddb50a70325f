package corpus

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQuote(t *testing.T) {
	a := &Article{Info: Info{ID: "abc"}, Body: "Zürich, 4 July", Furniture: []Mark{{Span{0, 7}, ReasonDateline}}}
	for _, c := range []struct {
		span Span
		text string
		err  error
	}{
		{Span{0, 7}, "Zürich", nil},
		{Span{9, 15}, "4 July", nil},
		{Span{15, 15}, "", nil},
		{Span{0, 2}, "", ErrSpan}, // inside the ü
		{Span{2, 7}, "", ErrSpan},
		{Span{-1, 3}, "", ErrSpan},
		{Span{5, 4}, "", ErrSpan},
		{Span{0, 16}, "", ErrSpan},
	} {
		q, err := NewQuote(a, c.span)
		if !errors.Is(err, c.err) || q.Text() != c.text {
			t.Errorf("NewQuote(%v) = %q, %v; want %q, %v", c.span, q.Text(), err, c.text, c.err)
		}
		if err == nil && q.Ref() != (Ref{"abc", c.span}) {
			t.Errorf("ref of %v is %v", c.span, q.Ref())
		}
	}
	if !a.Marked(Span{6, 8}) || a.Marked(Span{7, 15}) {
		t.Error("a mark does not count, or counts beyond its end")
	}
}

func TestRef(t *testing.T) {
	for _, s := range []string{"tfk7wdjozf:1826-1896", "abc.2:0-5", "discord:1/a:b.txt:3-4"} {
		r, err := ParseRef(s)
		if err != nil || r.String() != s {
			t.Errorf("ParseRef(%q) = %q, %v", s, r, err)
		}
	}
	for _, s := range []string{"", "abc", ":1-2", "abc:", "abc:1", "abc:2-1", "abc:-1-2", "abc:1-99999999999", "abc:a-b", "abc:1-2-3"} {
		if r, err := ParseRef(s); !errors.Is(err, ErrRef) {
			t.Errorf("ParseRef(%q) = %v, %v", s, r, err)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("tfk7wdjozf:1826-1896")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s)
		if err == nil && (r.Start < 0 || r.End < r.Start) {
			t.Errorf("ParseRef(%q) = %v", s, r)
		}
	})
}

func TestIDs(t *testing.T) {
	if got := NewID("seeds/000_f498efd2ba0c4351.txt"); got != "tfk7wdjozf" {
		t.Errorf("the ID of seed 000 is %q", got)
	}
	for _, c := range []struct {
		id, bare string
		n        int
	}{{"abc", "abc", 1}, {"abc.2", "abc", 2}, {"abc.10", "abc", 10}, {"abc.1", "abc.1", 1}, {"abc.x", "abc.x", 1}} {
		bare, n := SplitID(c.id)
		if bare != c.bare || n != c.n {
			t.Errorf("SplitID(%q) = %q, %d", c.id, bare, n)
		}
		if got := RevisionID(bare, n); got != c.id {
			t.Errorf("RevisionID(%q, %d) = %q", bare, n, got)
		}
	}
}

func TestInferDates(t *testing.T) {
	infos := []*Info{
		{ID: "dated", Published: "2021-07-06", Basis: BasisBody},
		{ID: "earlier", Published: "2021-07-04", Basis: BasisBody},
		{ID: "sunday", Days: []WeekdayDate{{time.Sunday, time.July, 4}}},
		{ID: "wrong weekday", Days: []WeekdayDate{{time.Monday, time.July, 4}}},
		{ID: "leap day", Days: []WeekdayDate{{time.Saturday, time.February, 29}}},
		{ID: "far", Days: []WeekdayDate{{time.Friday, time.July, 4}}},
		{ID: "second fits", Days: []WeekdayDate{{time.Saturday, time.July, 5}, {time.Tuesday, time.July, 6}}},
		{ID: "stale", Published: "1999-01-01", Basis: BasisInferred},
	}
	InferDates(infos)
	got := map[string]Date{}
	for _, i := range infos {
		got[i.ID] = i.Published
		if (i.Published == "") != (i.Basis == BasisNone) {
			t.Errorf("%s: date %q on basis %q", i.ID, i.Published, i.Basis)
		}
	}
	want := map[string]Date{"dated": "2021-07-06", "earlier": "2021-07-04", "sunday": "2021-07-04", "wrong weekday": "2022-07-04",
		"leap day": "2020-02-29", "far": "", "second fits": "2021-07-06", "stale": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("inferred dates (-want +got):\n%s", diff)
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]Date{"2021-07-06": "2021-07-06", "2021-07-06T23:30:00+02:00": "2021-07-06", "2021-07-06 10:00:00": "2021-07-06"} {
		if got, err := ParseDate(in); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "2021-13-01", "2021-02-30", "yesterday", "06.07.2021"} {
		if got, err := ParseDate(in); err == nil {
			t.Errorf("ParseDate(%q) = %q", in, got)
		}
	}
}

func TestName(t *testing.T) {
	for want, info := range map[string]Info{
		"The Courier": {Outlet: "The Courier", Agency: "AFP", Source: "a/b.txt"},
		"AFP":         {Agency: "AFP", Source: "a/b.txt"},
		"b.txt":       {Source: "a/b.txt"},
		"x.jsonl#12":  {Source: "news/x.jsonl#12"},
		"example.org": {Source: "https://www.example.org/story?id=1"},
		"example.com": {Source: "news/x.jsonl#12", URL: "http://example.com:8080/story"},
		"ftp:":        {Source: "ftp:"},
	} {
		if got := info.Name(); got != want {
			t.Errorf("%+v: name %q, want %q", info, got, want)
		}
	}
}
