package dateline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
)

func TestSeeds(t *testing.T) {
	tests := []struct {
		file  string
		want  Facts // but for Marks
		marks []string
	}{
		{"000_f498efd2ba0c4351.txt", Facts{
			Title: "Hundreds commandos deployed in Badakhshan to push back militants",
			Days:  []corpus.WeekdayDate{{Weekday: time.Sunday, Month: time.July, Day: 4}},
		}, []string{
			"title: Hundreds commandos deployed in Badakhshan to push back militants",
			"title: Hundreds commandos deployed in Badakhshan to push back militants",
		}},
		{"001_036379da49c29635.txt", Facts{
			Title: "Over 1000 Afghan troops flee into Tajikistan as Taliban advance in northern Afghanistan",
		}, []string{"title: Over 1000 Afghan troops flee into Tajikistan as Taliban advance in northern Afghanistan"}},
		{"002_3d8428e96f1f971a.txt", Facts{
			Title: "Afghan forces vow to retake districts lost to Taliban", Agency: "AFP", Place: "Kabul, Afghanistan",
			Published: "2021-07-06", Basis: corpus.BasisBody,
		}, []string{
			"title: Afghan forces vow to retake districts lost to Taliban",
			"dateline: July 06 2021 03:16 PM",
			"credit: Kabul, Afghanistan | AFP",
		}},
		{"003_c0f12e7c3a80e674.txt", Facts{
			Title:  "Tajikistan strengthens security on Afghanistan border, as Taliban launch offensive",
			Agency: "ANI", Place: "Kabul",
			Days: []corpus.WeekdayDate{{Weekday: time.Tuesday, Month: time.July, Day: 6}},
		}, []string{
			"title: Tajikistan strengthens security on Afghanistan border, as Taliban launch offensive",
			"dateline: Kabul (Afghanistan) July 6 (ANI): ",
			"credit: (ANI)",
		}},
		{"004_c2ecb246eef9194c.txt", Facts{
			Title:     "Afghanistan's Taliban close in on northern provincial capital",
			Published: "2021-07-04", Basis: corpus.BasisBody,
		}, []string{
			"title: Afghanistan's Taliban close in on northern provincial capital",
			"title: Afghanistan's Taliban close in on northern provincial capital",
			"dateline: 04 July, 2021",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file[:3], func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join("..", "..", "seeds", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			got := Read(string(raw), "")
			var marks []string
			for _, m := range got.Marks {
				marks = append(marks, string(m.Reason)+": "+string(raw[m.Start:m.End]))
			}
			if span := got.PublishedSpan; got.Published != "" && strings.TrimSpace(string(raw[span.Start:span.End])) == "" {
				t.Error("it is not known where the date was read")
			}
			got.Marks, got.PublishedSpan = nil, corpus.Span{}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.marks, marks); diff != "" {
				t.Errorf("marks (-want +got):\n%s", diff)
			}
		})
	}
}

const story = "\n\nThe minister said that the bridge would be open again before the winter came to the valley.\n"

func TestDatelines(t *testing.T) {
	tests := []struct {
		line  string
		place string
		name  string // agency, else outlet
		date  corpus.Date
		mark  string
	}{
		{"KABUL, Afghanistan (AP) — The army left.", "KABUL, Afghanistan", "AP", "", "KABUL, Afghanistan (AP) — "},
		{"LONDON, July 6 (Reuters) - The army left.", "LONDON", "Reuters", "", "LONDON, July 6 (Reuters) - "},
		{"New Delhi [India], July 6, 2021 (ANI): The army left.", "New Delhi", "ANI", "2021-07-06", "New Delhi [India], July 6, 2021 (ANI): "},
		{"MOSCOW, July 6. /TASS/. The army left.", "", "", "", ""},
		{"London CNN — The army left.", "London", "CNN", "", "London CNN — "},
		{"(CNN)The army left.", "", "CNN", "", "(CNN)"},
		{"CNN — The army left.", "", "CNN", "", "CNN — "},
		{"LAHORE: The army left.", "LAHORE", "", "", "LAHORE: "},
		{"WASHINGTON — The army left.", "WASHINGTON", "", "", "WASHINGTON — "},
		{"Trump — who left — came back.", "", "", "", ""},
		{"UPDATE: The army left.", "", "", "", ""},
		{"He said: the army left.", "", "", "", ""},
		{"July 6 — The army left.", "", "", "", ""},
		{"The CNN reporter left.", "", "", "", ""},
		{"AP reporters left the town.", "", "", "", ""},
	}
	for _, tt := range tests {
		got := Read("A headline of some words\n\n"+tt.line+" It went in the night and nobody saw it go."+story, "")
		mark := ""
		for _, m := range got.Marks {
			if m.Reason == corpus.ReasonDateline {
				mark = ("A headline of some words\n\n" + tt.line)[m.Start:m.End]
			}
		}
		name := got.Agency + got.Outlet
		if got.Place != tt.place || name != tt.name || got.Published != tt.date || mark != tt.mark {
			t.Errorf("%q: place %q, name %q, date %q, mark %q", tt.line, got.Place, name, got.Published, mark)
		}
	}
}

func TestDateLines(t *testing.T) {
	tests := map[string]corpus.Date{
		"July 06 2021 03:16 PM":                      "2021-07-06",
		"04 July, 2021":                              "2021-07-04",
		"Published: Sunday, 4 July 2021, 10:30 GMT":  "2021-07-04",
		"Posted on July 4th, 2021 at 10:30 a.m.":     "2021-07-04",
		"2021-07-04":                                 "2021-07-04",
		"2021-07-04T10:30:00Z":                       "2021-07-04",
		"25/12/2021":                                 "2021-12-25",
		"04/07/2021":                                 "", // fourth of July or seventh of April
		"Kabul, 4 Jul 2021":                          "2021-07-04",
		"31 February 2021":                           "",
		"July 4":                                     "",
		"The war that began on July 4, 2021 went on": "",
	}
	for line, want := range tests {
		got := Read("A headline of some words\n"+line+story, "")
		if got.Published != want {
			t.Errorf("%q: published %q, want %q", line, got.Published, want)
		}
		if want != "" && got.Basis != corpus.BasisBody {
			t.Errorf("%q: basis %q", line, got.Basis)
		}
	}
	got := Read("A headline of some words\nUpdated July 6, 2021\nPublished July 4, 2021"+story, "")
	if got.Published != "2021-07-04" {
		t.Errorf("the later of two dates is taken: %q", got.Published)
	}
}

func TestDays(t *testing.T) {
	tests := map[string][]corpus.WeekdayDate{
		"They came on Sunday, July 04, and they stayed in the town.":          {{Weekday: time.Sunday, Month: time.July, Day: 4}},
		"They came on 4 July (Sunday), and they stayed in the town.":          {{Weekday: time.Sunday, Month: time.July, Day: 4}},
		"They came on Tuesday morning, July 6th, and stayed in the town.":     {{Weekday: time.Tuesday, Month: time.July, Day: 6}},
		"But Sunday’s retreats came two days after the plan of September 11.": nil,
		"They said on Sunday that the town would be left by September 11.":    nil,
		"They may come on Sunday, May said, and stay 4 days in the town.":     nil,
	}
	for text, want := range tests {
		got := Read("A headline of some words\n\n"+text+story, "")
		if diff := cmp.Diff(want, got.Days); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestTitles(t *testing.T) {
	body := "Army leaves the town\n\nThe army left.\n\nArmy leaves the town" + story
	if got := Read(body, "Army leaves the town"); len(got.Marks) != 2 {
		t.Errorf("a given title is marked at %v, want two places", got.Marks)
	}
	if got := Read("The army left the town."+story, ""); got.Title != "" || len(got.Marks) != 0 {
		t.Errorf("a sentence became the title %q", got.Title)
	}
	if got := Read("Only one line", ""); got.Title != "" || len(got.Marks) != 0 {
		t.Errorf("the only line became the title %q", got.Title)
	}
	got := Read("The Daily Gazette\nArmy leaves the town\nBy Jane Doe"+story, "")
	if got.Outlet != "The Daily Gazette" || got.Title != "Army leaves the town" || got.Author != "Jane Doe" {
		t.Errorf("outlet %q, title %q, author %q", got.Outlet, got.Title, got.Author)
	}
	long := "Army leaves the town after a long summer of war"
	if got := Read(long+" in the north"+story, long+" ..."); len(got.Marks) != 1 {
		t.Errorf("a cut title is not found: %v", got.Marks)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("A title\n\nKABUL (AP) — It rained. (AFP)\n", "")
	f.Add("04 July, 2021\r\n\u00a0| AFP", "x")
	f.Fuzz(func(t *testing.T, body, title string) {
		if !utf8.ValidString(body) {
			return
		}
		for _, m := range Read(body, title).Marks {
			if m.Start < 0 || m.End > len(body) || m.Start >= m.End || !utf8.ValidString(body[m.Start:m.End]) {
				t.Fatalf("mark %v of %q", m, body)
			}
			if strings.TrimSpace(body[m.Start:m.End]) == "" {
				t.Fatalf("mark %v of white space in %q", m, body)
			}
		}
	})
}
