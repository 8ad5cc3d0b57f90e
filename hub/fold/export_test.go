package fold

// SharedStands reports whether nobody has changed in place what sessions share.
func (st *State) SharedStands() bool {
	for key, in := range st.words.sets {
		if contactKey(*in) != key {
			return false
		}
	}
	return stands(st.words.unders) && stands(st.words.hands) && stands(st.words.places) &&
		*underNothing == Under{} && *inNoHands == Hands{} && *whole == Place{}
}

func stands[T comparable](m shared[T]) bool {
	for value, one := range m {
		if *one != value {
			return false
		}
	}
	return true
}

// TrimShared forgets what sessions share, as a sweep of a desk with many words does.
func (st *State) TrimShared() { st.words.trim(-sharedSlack-1, -sharedSlack-1) }
