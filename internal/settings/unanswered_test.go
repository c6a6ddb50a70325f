package settings_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/internal/settings"
)

func TestUnanswered(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	m := open(t, filepath.Join(dir, "memory.db"), c)
	const user = "123456789012345678"
	add := func(server, who, question string) {
		t.Helper()
		check(t, m.AddUnanswered(t.Context(), server, who, question))
	}
	add("1", user, "What do zebras eat?")
	add("1", user, "what do zebras eat")
	add("1", user, "Who is Bob?")
	c.add(24 * time.Hour)
	add("1", "2", "What do  ZEBRAS eat")
	add("2", "2", "Why?")
	add("2", "3", "why")
	list := func(server string) []settings.Unanswered {
		t.Helper()
		got, err := m.Unanswered(t.Context(), server, 10)
		check(t, err)
		return got
	}
	zebras := settings.Unanswered{Question: "What do  ZEBRAS eat", Askers: 2, Last: c.now()}
	if d := cmp.Diff([]settings.Unanswered{zebras}, list("1")); d != "" {
		t.Error(d)
	}
	if n := len(list("*")); n != 2 {
		t.Errorf("%d questions of all servers", n)
	}
	if find(t, dir, user) {
		t.Error("the user id is in a file")
	}
	if k, err := m.KeptOf(t.Context(), user); err != nil || k.Unanswered != 2 {
		t.Errorf("kept of the user: %+v, %v", k, err)
	}
	if n, err := m.ForgetUser(t.Context(), user); err != nil || n != 2 || len(list("1")) != 0 {
		t.Errorf("forgot %d entries, %v; %v are left", n, err, list("1"))
	}
	check(t, m.ForgetServer(t.Context(), "2"))
	add("1", user, "What do zebras eat?")
	c.add(48 * time.Hour)
	check(t, m.ExpireUnanswered(t.Context(), 1))
	if left := list("*"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	for _, question := range []string{"", "?!"} {
		if m.AddUnanswered(t.Context(), "1", user, question) == nil {
			t.Errorf("%q is kept", question)
		}
	}
}
