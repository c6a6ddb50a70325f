package load

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// items reads a file and returns its articles and what was refused.
func items(t *testing.T, name, content string) (list []retrieval.Item, refused []string) {
	t.Helper()
	for item, err := range FS(t.Context(), fstest.MapFS{name: {Data: []byte(content)}}, "f", Options{}) {
		if err != nil {
			refused = append(refused, err.Error())
			continue
		}
		list = append(list, item)
	}
	return list, refused
}

func TestPublished(t *testing.T) {
	for s, want := range map[string]corpus.Date{
		"2023-05-09":                     "2023-05-09",
		"2023-05-09T23:30:00-05:00":      "2023-05-09",
		"2023-05-09T23:30Z":              "2023-05-09",
		"2023-05-09 23:30:00+00:00":      "2023-05-09",
		"2023-05-09 23:30:00.123456":     "2023-05-09",
		"2023-05-09 23:30:00.12+02:00":   "2023-05-09",
		"2023-05-09 23:30:00 UTC":        "2023-05-09",
		"Tue, 9 May 2023 23:30:00 +0200": "2023-05-09",
		"Tue, 09 May 2023 23:30:00 GMT":  "2023-05-09",
		"9 May 2023 23:30:00 GMT":        "2023-05-09",
		"20230509":                       "2023-05-09",
		"20230509T233000Z":               "2023-05-09",
		"20230509233000":                 "2023-05-09",
		"1683675000":                     "2023-05-09",
		"1683675000000":                  "2023-05-09",
		"1683675000.5":                   "2023-05-09",
		"May 9, 2023":                    "2023-05-09",
		"Tuesday 9th May 2023, 11.30pm":  "2023-05-09",
		"9. Mai 2023":                    "2023-05-09",
		"2023/05/09":                     "2023-05-09",
		"25/12/2023":                     "2023-12-25",
		"0001-01-01T00:00:00Z":           "",
		"1970-01-01 00:00:00":            "",
		"0":                              "",
	} {
		if got, err := published(s); got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", s, got, err, want)
		}
	}
	for _, s := range []string{"soon", "03/05/2023", "31 February 2023", "12"} {
		if got, err := published(s); err == nil {
			t.Errorf("%q: %q, want an error", s, got)
		}
	}
}

// An unreadable side field never costs the article.
func TestKeysOfCrawlers(t *testing.T) {
	list, refused := items(t, "x.jsonl", strings.Join([]string{
		`{"id":"a","headline":"Dam opens","authors":["Ada Novak","Ken Brandt"],"date_publish":"2023-05-09 10:00:00","source_domain":"herald.example","maintext":"The dam is open."}`,
		`{"id":"b","title":"Dam opens","author":{"name":"Ada Novak"},"date":"never","sitename":"The Bremen Herald","hostname":"herald.example","content":"The dam is open.","tags":["dam"],"image":null}`,
		`{"id":"c","title":7,"author":null,"source":{"id":null,"name":"The Bremen Herald"},"publishedAt":1683675000,"body":"The dam is open."}`,
		`{"id":"d","content":"<p>The dam</p> <p>is open.</p>"}`,
		`{"id":"e","summary":"The dam is open."}`,
	}, "\n"))
	want := []corpus.Given{
		{Title: "Dam opens", Outlet: "herald.example", Author: "Ada Novak, Ken Brandt", Published: "2023-05-09"},
		{Title: "Dam opens", Outlet: "The Bremen Herald", Author: "Ada Novak"},
		{Title: "7", Outlet: "The Bremen Herald", Published: "2023-05-09"},
	}
	var got []corpus.Given
	for _, item := range list {
		got = append(got, item.Given)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("given (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"f/x.jsonl#4: it has only html, which is not read yet",
		"f/x.jsonl#5: it has no text; its keys are id, summary",
	}, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"hostname", "tags"}, list[1].Unused); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`its date "never" cannot be read, so it is undated`}, list[1].Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// Documents and tables are read, or refused once.
func TestDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		file, content string
		sources       []string
		refused       int
	}{
		"list":            {"x.json", `[{"text":"a"}, {"id":"b","text":"b"}]`, []string{"f/x.json#1", "b"}, 0},
		"pretty":          {"x.json", "{\n  \"text\": \"a\"\n}\n{\n  \"text\": \"b\"\n}\n", []string{"f/x.json#1", "f/x.json#2"}, 0},
		"list in lines":   {"x.jsonl", "[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]\n", []string{"f/x.jsonl#1", "f/x.jsonl#2"}, 0},
		"pretty in lines": {"x.jsonl", "{\n\"text\":\"a\"\n}", []string{"f/x.jsonl#1"}, 0},
		"cut off":         {"x.json", "[\n{\"text\":\"a\"},\n{\"text\":", []string{"f/x.json#1"}, 1},
		"no JSON":         {"x.json", "[\nThe dam\nis open.\nIt is.\n", nil, 1},
		"table":           {"x.csv", "Title,Date,Text\nDam,2023-05-09,\"The dam,\nis open.\"\nPort,,It is shut.\n", []string{"f/x.csv#1", "f/x.csv#2"}, 0},
		"other table":     {"x.csv", "a,b\n1,2\n3,4\n", nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			list, refused := items(t, tt.file, tt.content)
			var sources []string
			for _, item := range list {
				sources = append(sources, item.Source)
			}
			if diff := cmp.Diff(tt.sources, sources); diff != "" || len(refused) != tt.refused {
				t.Errorf("refused %q; sources (-want +got):\n%s", refused, diff)
			}
		})
	}
	list, _ := items(t, "x.csv", "Title,Date,Text\nDam,2023-05-09,\"The dam,\nis open.\"\n")
	if list[0].Given.Published != "2023-05-09" || *list[0].Body != "The dam,\nis open." {
		t.Errorf("a row came out as %+v, %q", list[0].Given, *list[0].Body)
	}
}

// A download of a news archive is split into its articles.
func TestArchives(t *testing.T) {
	nexis := "1 of 2 DOCUMENTS\n\nThe Bremen Herald\n\nMay 9, 2023 Tuesday\n\nDam to stay shut\n\nThe dam is shut, the board said on Tuesday.\n\n" +
		"   2 of 2 DOCUMENTS\n\nThe Aarhus Observer\n\nMay 12, 2023 Friday\n\nMayor resigns\n\nThe mayor of Aarhus, Ida Kern, resigned on Thursday.\n"
	factiva := "Dam to stay shut\n120 words\n9 May 2023\nThe Bremen Herald\nBRHER\nEnglish\nCopyright 2023.\n\nThe dam is shut, the board said on Tuesday.\n\nDocument BRHER00020230509ej590001a\n\n" +
		"Mayor resigns\n90 words\n12 May 2023\nThe Aarhus Observer\nAAOBS\nEnglish\nCopyright 2023.\n\nThe mayor of Aarhus, Ida Kern, resigned on Thursday.\n\nDocument AAOBS00020230512ej5c0002b\n"
	plus := strings.ReplaceAll(strings.ReplaceAll(nexis, "1 of 2 DOCUMENTS\n", ""), "   2 of 2 DOCUMENTS\n", "End of Document\n") + "End of Document\n"
	for name, content := range map[string]string{"nexis": nexis, "factiva": factiva, "lexis+": plus} {
		list, _ := items(t, "x.txt", content)
		if len(list) != 2 || list[0].Source != "f/x.txt#1" || list[1].Source != "f/x.txt#2" {
			t.Errorf("%s: %d articles", name, len(list))
			continue
		}
		var got []string
		for _, item := range list {
			a, err := retrieval.Read(item)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(a.Published)+" "+a.Outlet+": "+a.Title)
		}
		want := []string{"2023-05-09 The Bremen Herald: Dam to stay shut", "2023-05-12 The Aarhus Observer: Mayor resigns"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if list, _ := items(t, "x.txt", "Two papers\n\nOf 2 of 2 documents nothing is left.\n"); len(list) != 1 || list[0].Source != "f/x.txt" {
		t.Errorf("an article was split: %v", list)
	}
}
