package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"verbatim/retrieval/corpus"
)

// FuzzBatchLines holds that each line of a batch, whatever it holds, gives one
// JSON object with an id.
func FuzzBatchLines(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","question":"Who?"}`, `{"id":7,"question":"Who?","asked":"2021-07-06"}`, `{"id":{"x":[1]},"question":null}`, `[]`, `{`, "\ufeff{}\n\n{}", "\xff\xfe", `{"id":"\ud800"}`,
		`{"question":7}`, `{"asked":"yesterday","question":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		do := func(id json.RawMessage, question string, _ corpus.Date) (any, error) {
			return map[string]any{"id": id, "question": question}, nil
		}
		for n, l := range lines(bytes.NewReader(data)) {
			out, err := json.Marshal(answerLine(n, l, "", do))
			if err != nil {
				t.Fatalf("line %d of %q: %v", n, data, err)
			}
			var object struct {
				ID json.RawMessage `json:"id"`
			}
			if err := json.Unmarshal(out, &object); err != nil || len(object.ID) == 0 || string(object.ID) == "null" {
				t.Fatalf("line %d of %q gives %s (%v)", n, data, out, err)
			}
		}
	})
}
