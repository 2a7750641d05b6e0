"""A made-up register, from a seed: nobody in it lives, no number in it is anyone's."""
