package settings

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLimitsOfAnOlderFile opens a file whose limits are questions an hour.
func TestLimitsOfAnOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(migrations()[0] + `
INSERT INTO settings VALUES ('1', '{"outlets":["AFP"],"limits":{"user":300,"server":6000}}', 0), ('2', '{"thread_mode":"reply"}', 0);
INSERT INTO usage VALUES ('2026-08-01', '1', 'q', 3, 4, 5);` + fmt.Sprintf(`
PRAGMA application_id = %d; PRAGMA user_version = 1`, applicationID))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for server, want := range map[string]Server{
		"1": {Outlets: []string{"AFP"}, Limits: Limits{User: 5, Server: 100}},
		"2": {Thread: ThreadReply},
	} {
		got, err := s.Settings(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		want.Changed = got.Changed
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("server %s: %s", server, d)
		}
	}
}
