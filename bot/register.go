package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// register tells Discord of the commands, writing only what differs from
// what it knows. It returns how many it wrote.
func (b *bot) register(ctx context.Context, application string) (int, error) {
	path, route := commandsPath(application, b.options.DevServer)
	known, err := b.api.commands(ctx, path, route)
	if errors.Is(err, errGarbled) || lacks(err) {
		b.log.Info("the server does not list its commands, so all are written", "error", err)
		err = nil
	}
	if err != nil {
		return 0, err
	}
	written := 0
	var failed []error
	for _, r := range b.commands() {
		old, found := known[key(r.command)]
		delete(known, key(r.command))
		if found && same(old, r.command) {
			continue
		}
		// POST replaces a command of the same name.
		if err := b.api.do(ctx, call{method: http.MethodPost, path: path, route: route, again: true, body: r.command}, nil); err != nil {
			failed = append(failed, fmt.Errorf("register /%s: %w", r.Name, err))
			if s := status(err); s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusNotFound || ctx.Err() != nil {
				break // it will be the same with the others
			}
			continue
		}
		written++
	}
	if len(failed) > 0 {
		return written, errors.Join(failed...)
	}
	for _, c := range known {
		if c.ID == "" {
			continue
		}
		err := b.api.do(ctx, call{method: http.MethodDelete, path: path + "/" + url.PathEscape(c.ID), route: route + "/*", again: true}, nil)
		if err != nil && status(err) != http.StatusNotFound {
			return written, fmt.Errorf("take back /%s: %w", c.Name, err)
		}
		written++
	}
	return written, nil
}
