package main

import (
	"fmt"
	"text/tabwriter"
)

type configCommand struct{}

// Run prints a line for every setting: key, value (secrets masked), source.
func (configCommand) Run(env *environment) error {
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	for _, s := range env.inForce {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", s.key, s.shown, s.source); err != nil {
			return err
		}
	}
	return w.Flush()
}
