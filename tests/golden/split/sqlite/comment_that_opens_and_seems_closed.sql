SELECT 1 /*/ still; inside /*/;
SELECT 2 /***/ + 3 /****;****/;
