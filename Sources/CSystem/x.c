int ups_dummy;
