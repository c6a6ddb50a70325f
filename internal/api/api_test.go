package api

import (
	"encoding/json"
	"strings"
	"testing"

	"verbatim/answer"
	"verbatim/retrieval/corpus"
)

func TestNewAnswer(t *testing.T) {
	a := &corpus.Article{Info: corpus.Info{ID: "abc", Source: "x/y.txt"}, Body: "Heading\n\nTen\u202e people came."}
	cut := func(start, end int) corpus.Quote {
		q, err := corpus.NewQuote(a, corpus.Span{Start: start, End: end})
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	quote := answer.Quote{
		Quote: cut(9, 28), N: 1, Marks: []corpus.Span{{Start: 9, End: 12}}, Also: []corpus.Ref{{Article: "def", Span: corpus.Span{Start: 1, End: 5}}},
		Context: []corpus.Quote{cut(0, 7)}, Newer: "abc.2",
	}
	data, err := json.Marshal(NewAnswer(&answer.Answer{
		Status: answer.StatusAnswered, Sure: 0.8349, Quotes: []answer.Quote{quote},
		Summary: []answer.Value{{Text: "Ten", Articles: 2, Quotes: []int{1}, Group: 1}}, Spellings: []answer.Spelling{{Asked: "Takhar"}},
	}, false))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"sure":0.83`, `"marks":[{"start":9,"end":12}]`, `"also":["def:1-5"]`, `"newer":"abc.2"`, `"days":[]`,
		`"context":[{"start":0,"end":7,"text":"Heading"}]`, `"summary":[{"text":"Ten","articles":2,"quotes":[1],"group":1}]`,
		`"spellings":[{"asked":"Takhar","found":[]}]`, `"nearest":[]`, `"attribution":{"who":"","office":"","kind":""}`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	if strings.Contains(string(data), "null") {
		t.Errorf("a list is null: %s", data)
	}
}

func TestWithID(t *testing.T) {
	data, err := json.Marshal(WithID[Searched]{ID: json.RawMessage(`"q1"`), V: Searched{Articles: 3}})
	if want := `{"id":"q1","articles":3,"from":"","to":""}`; err != nil || string(data) != want {
		t.Errorf("%s, %v, want %s", data, err, want)
	}
	if _, err := json.Marshal(WithID[int]{ID: json.RawMessage("1"), V: 3}); err == nil {
		t.Error("an id before a number gives no error")
	}
}
